/** What a typed line means. */
export type ChatLine =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly name: string; readonly args: string }

/** A line that begins with one slash is a command, with two a text that begins with one. */
export function parseLine(typed: string): ChatLine {
  if (typed.trim() === '') return { kind: 'nothing' }
  if (typed.startsWith('//')) return { kind: 'text', text: typed.slice(1) }
  if (!typed.startsWith('/')) return { kind: 'text', text: typed }
  const [, name = '', args = ''] = /^\/(\S*)\s*([^]*)$/.exec(typed) ?? []
  return { kind: 'command', name, args: args.trim() }
}
