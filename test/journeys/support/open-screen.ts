import type { Test } from 'tap'

import {
  isolatedEnvironment,
  Screen,
  SOTTO,
  type Person,
  type ScreenOptions,
} from '../../harness/index.js'

/** The chat screen of a person, 100 columns wide and 30 rows high unless it is said otherwise. */
export function openScreen(
  t: Test,
  { home }: Person,
  { env, ...options }: Partial<ScreenOptions> = {},
): Screen {
  const whole = isolatedEnvironment(home, { SOTTO_HOME: home, TERM: 'xterm-256color', ...env })
  return new Screen(t, { program: SOTTO, columns: 100, rows: 30, ...options, env: whole })
}

/** In the conversation with Bob. */
export async function writeDraft(screen: Screen, draft: string): Promise<void> {
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/^.*> *$/m)
  screen.type(draft)
  await screen.shows(new RegExp(`> ${draft}`))
}
