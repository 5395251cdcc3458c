/** What a typed line means. */
export type ChatLine =
  | { readonly kind: 'nothing' | 'help' | 'quit' | 'accept' | 'verify' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unknown'; readonly command: string }

/** A line that begins with one slash is a command, with two a text that begins with one. */
export function parseLine(typed: string): ChatLine {
  if (typed.trim() === '') return { kind: 'nothing' }
  if (typed.startsWith('//')) return { kind: 'text', text: typed.slice(1) }
  if (!typed.startsWith('/')) return { kind: 'text', text: typed }
  const command = typed.slice(1).trim()
  switch (command) {
    case 'help':
    case 'quit':
    case 'accept':
    case 'verify':
      return { kind: command }
    default:
      return { kind: 'unknown', command: typed.trim() }
  }
}
