export const LOCALE = 'en-GB'
let plurals: Intl.PluralRules | undefined // Made when it is needed: most commands never do.

/** So many of something. */
export function plural(count: number, one: string, other: string): string {
  plurals ??= new Intl.PluralRules(LOCALE)
  return `${String(count)} ${plurals.select(count) === 'one' ? one : other}`
}
