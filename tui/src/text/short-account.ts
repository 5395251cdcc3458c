const PREFIX = 'acct:'
const END_DIGITS = 8

/** `acct:0199aaaa…ffff0000`: both ends of it, enough to compare by eye. Any other name stays as it is. */
export function shortAccount(name: string): string {
  const digits = name.slice(PREFIX.length).replaceAll('-', '')
  return !name.startsWith(PREFIX) || digits.length <= 2 * END_DIGITS
    ? name
    : `${PREFIX}${digits.slice(0, END_DIGITS)}…${digits.slice(-END_DIGITS)}`
}
