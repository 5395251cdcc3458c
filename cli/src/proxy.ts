import { parseProxyUrl } from '@sotto/protocol'

/** A proxy as it is given: a URL, or `none`. Throws without repeating what may hold a password. */
export function checkProxy(text: string): string {
  return text === 'none' ? text : parseProxyUrl(text).url
}
