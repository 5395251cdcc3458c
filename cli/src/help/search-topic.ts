/** `sotto help search`. */
export const SEARCH = `sotto search finds messages here on this device, newest first:

  deploy failed            both words, in any order
  '"roll back"'            these words next to each other, in this order
  deploy*                  words that begin so
  -staging -"not this"     without the word, without the phrase
  revert OR rollback fix   one of the two, and "fix"; OR in capitals
  from:@bob  from:me       who wrote it; several: any of them; -from: not them
  in:@bob  in:me           in which conversation; id:c_… too
  before:2026-10-31        when it arrived: any time, and 7d for seven days ago;
  after:"yesterday 08:00"  or a message, by its id
  has:link                 with an http or https address in it

Case and accents do not matter: "uber" finds "Über". A word is letters and digits:
bob@example.com finds the address, #4312 the number. What holds neither, as 👍 or
!=, is looked for as it stands. A value with a space is quoted: in:"…".

Operators alone list the newest: from:@bob. Your shell takes one pair of quotation
marks away, so put the whole query into single ones. A query that begins with a dash
goes after --.

For the next page give the last hit: --before m_…
With --json every hit has "match":{"start":…,"end":…}, in UTF-16 code units of
"text" as JavaScript counts them; null where only operators were asked for.
`
