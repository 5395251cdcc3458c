import type { ErrorObject } from '@sotto/protocol'

import type { Surface } from './surface.js'

/** What went wrong and what to do about it, in one line; here, where the screen has its own way. */
export function tell(
  { code, message, fix }: Pick<ErrorObject, 'code' | 'message' | 'fix'>,
  { words }: Pick<Surface, 'words'>,
): string {
  const remedy = words.screen.people.fixes[code] ?? fix.replaceAll(/\s*\n\s*/g, '; ')
  const said = message.endsWith('.') || remedy === '' ? message : `${message}.`
  return remedy === '' ? said : `${said} ${remedy}`
}
