import { execFile } from 'node:child_process'

import type { Notification } from '../terminal/notification.js'
import { safeLine } from '../text/safe-text.js'

type Environment = Readonly<Record<string, string | undefined>>

const PROGRAM = 'notify-send'
const NOTIFY_MS_MAX = 5_000
/** Nobody reads more of it. */
const LENGTH_MAX = 200

/** Whether there is a desktop here that could show something. */
export function hasDesktop(env: Environment): boolean {
  const hasScreen = isSet(env, 'WAYLAND_DISPLAY') || isSet(env, 'DISPLAY')
  return hasScreen && (isSet(env, 'DBUS_SESSION_BUS_ADDRESS') || isSet(env, 'XDG_RUNTIME_DIR'))
}

/** Whoever sits before it may sit elsewhere: a desktop here would tell somebody else. */
export function isRemote(env: Environment): boolean {
  return ['SSH_CONNECTION', 'SSH_CLIENT', 'SSH_TTY'].some((name) => isSet(env, name))
}

/** Resolves to whether it was shown, as far as the program knows; false where there is no such program. */
export async function notifyDesktop(notification: Notification): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { timeout: NOTIFY_MS_MAX }
    execFile(PROGRAM, notifyArguments(notification), options, (error) => resolve(error === null))
  })
}

/**
 * An argument vector, without a shell. Titles and texts are others': none of them is an option, and
 * in the body, which is markup and in which backslashes are read once more, they mean themselves.
 */
export function notifyArguments({ title, text }: Notification): readonly string[] {
  const body = safeLine(text)
    .slice(0, LENGTH_MAX)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\\', '\\\\')
  const summary = safeLine(title).slice(0, LENGTH_MAX)
  return ['--app-name=sotto', '--category=im.received', '--', summary, body]
}

function isSet(env: Environment, name: string): boolean {
  return env[name] !== undefined && env[name] !== ''
}
