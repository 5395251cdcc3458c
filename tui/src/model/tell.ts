import type { ErrorObject } from '@sotto/protocol'

import type { Surface } from './surface.js'

type Told = Pick<ErrorObject, 'code' | 'message' | 'fix'>

/** What went wrong and what to do about it, in one line; here, where the screen has its own way. */
export function tell(error: Told, { words }: Pick<Surface, 'words'>): string {
  const { code, message, fix } = error // An Error's message is lost where it is spread.
  return tellError({ message, fix: words.screen.people.fixes[code] ?? fix })
}

/** The same with the remedy that the error itself names. */
export function tellError({ message, fix }: Pick<Told, 'message' | 'fix'>): string {
  const remedy = fix.replaceAll(/\s*\n\s*/g, '; ')
  const said = message.endsWith('.') || remedy === '' ? message : `${message}.`
  return remedy === '' ? said : `${said} ${remedy}`
}
