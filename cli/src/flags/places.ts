import { parseTime } from './times.js'

/**
 * Where to look back from. A message, by its id, the beginning of one or `@last`, stays as it is;
 * `7d` is seven days ago; anything else is a time.
 */
export function parsePlace(text: string, nowMs: number): string {
  if (/^m_[0-9A-Za-z]+(@acct:.*)?$|^@last/.test(text)) return text
  return parseTime(/^\d{1,9}[smhd]$/.test(text) ? `-${text}` : text, nowMs)
}
