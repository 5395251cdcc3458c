/**
 * Whether a text speaks to whoever has this username: `@alice.42` or `@alice`, as a word of its own,
 * in any letters. `@alice.421` and `@alice.43` are others.
 */
export function isNamedIn(text: string, username: string): boolean {
  const [name = '', number] = username.split(/\.(?=\d+$)/)
  if (name === '') return false
  const ending = number === undefined ? '' : `(?:\\.${number})?`
  const pattern = `(?<![\\p{L}\\p{N}._@-])@${escaped(name)}${ending}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`
  return new RegExp(pattern, 'iu').test(text)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
