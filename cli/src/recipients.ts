import { NotFoundError, UsageError } from '@sotto/protocol'

/**
 * The grammar of recipients, everywhere the same. Whether there is such a recipient is the client's
 * question; whether something is meant as one is decided here, by how it begins and never by guess.
 */
const RECIPIENT = /^(@.|#.|id:.|acct:.|sotto:\/\/)|^me$/s

export function isRecipient(text: string): boolean {
  return RECIPIENT.test(text)
}

/** Throws `recipient/unknown` for a bare word, naming what was probably meant. */
export function requireRecipient(text: string): string {
  if (isRecipient(text)) return text
  if (text === '') {
    throw new NotFoundError('recipient/unknown', 'the recipient is empty', {
      fix: 'Look whether a variable of the script was never set. Recipients: sotto help recipients',
    })
  }
  const guess = /^[A-Za-z_][A-Za-z0-9_]*(\.\d+)?(@\S+)?$/.test(text) ? `@${text}` : undefined
  throw new NotFoundError('recipient/unknown', `${text} is not a recipient`, {
    fix: [
      ...(guess === undefined ? [] : [`Did you mean ${guess}?`]),
      'Recipients: @alice.42  @alice (a contact’s local name)  me  id:c_…  acct:…',
      'See: sotto help recipients',
    ].join('\n'),
  })
}

export interface Addressed {
  readonly to: readonly string[]
  /** Undefined: the text is stdin. */
  readonly text: string | undefined
}

/**
 * Splits `<to>... [TEXT | -]`: the leading arguments that are recipients, then at most one text.
 * The last `literal` arguments stood behind `--` and are text whatever they look like.
 */
export function splitAddressed(args: readonly string[], literal: number): Addressed {
  const candidates = args.slice(0, args.length - literal)
  const end = candidates.findIndex((each) => !isRecipient(each))
  const to = end < 0 ? candidates : candidates.slice(0, end)
  const texts = args.slice(to.length)
  if (to.length === 0) {
    if (candidates.length > 0) requireRecipient(candidates[0] ?? '')
    throw new UsageError('usage/invalid', 'no recipient', {
      fix: 'Recipients come first: sotto send @bob.42 "hello"',
    })
  }
  if (texts.length > 1) throw severalTexts(texts)
  const text = texts[0]
  return { to, text: text === '-' && literal === 0 ? undefined : text }
}

function severalTexts(texts: readonly string[]): UsageError {
  const late = texts.slice(1).find(isRecipient)
  const what = `${String(texts.length)} arguments where one text can be`
  return new UsageError('usage/invalid', what, {
    fix:
      late === undefined
        ? 'Quote the text: sotto send @bob.42 "several words"'
        : `Put recipients before the text (${late} came after it), and quote the text.`,
  })
}
