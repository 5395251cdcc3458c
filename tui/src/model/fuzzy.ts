/**
 * How well a query is found in a text: all its characters in their order, better where they begin
 * words and stand together. Undefined: not at all. Linear in the text.
 */
export function fuzzyScore(query: string, text: string): number | undefined {
  const wanted = query.toLowerCase()
  const inside = text.toLowerCase()
  if (wanted === '') return 0
  const whole = inside.indexOf(wanted)
  if (whole >= 0) return 1_000 - whole + (isWordStart(inside, whole) ? 500 : 0)
  let score = 0
  let from = 0
  let last = -2
  for (const character of wanted) {
    const at = inside.indexOf(character, from)
    if (at < 0) return undefined
    score += at === last + 1 ? 5 : isWordStart(inside, at) ? 4 : 1
    last = at
    from = at + character.length
  }
  return score
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))
}
