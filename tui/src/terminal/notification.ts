import { safeLine } from '../text/safe-text.js'

/** How a terminal is told to notify. */
export type TerminalWay = 'osc-99' | 'osc-777' | 'osc-9'
/**
 * `none`: it has no way, or would do something else. `unknown`: it has not said who it is, or nobody
 * here knows it; OSC 9 does it no harm.
 */
export type NotificationWay = TerminalWay | 'none' | 'unknown'

export interface Notification {
  readonly title: string
  readonly text: string
}

/** Nobody reads more of it, and terminals cut off what is longer. */
const LENGTH_MAX = 200

const ST = '\u001b\\'

/** Parts of names, small letters; the first that fits. Names that contain others stand before them. */
const WAYS: readonly (readonly [name: RegExp, way: NotificationWay])[] = [
  [/kitty/, 'osc-99'],
  [/wezterm|foot|rxvt|ghostty|contour|vte/, 'osc-777'],
  // The console shows what it does not know; Windows and ConEmu take OSC 9 for progress.
  [/iterm|konsole/, 'osc-9'],
  [/^(?:linux|dumb)\b|windows|conemu|apple_terminal|^screen|^tmux/, 'none'],
]

/** The way of a terminal that is called all of these: what it says, what it set, its `TERM`. */
export function notificationWay(names: readonly (string | undefined)[]): NotificationWay {
  for (const name of names) {
    const found = WAYS.find(([pattern]) => name !== undefined && pattern.test(name.toLowerCase()))
    if (found !== undefined) return found[1]
  }
  return 'unknown'
}

/** What to write. Titles and texts are others': they are made safe, and cannot end the sequence. */
export function notificationBytes(way: NotificationWay, notification: Notification): string {
  const title = safeLine(notification.title).slice(0, LENGTH_MAX)
  const text = safeLine(notification.text).slice(0, LENGTH_MAX)
  switch (way) {
    case 'osc-99': {
      const part = (keys: string, said: string) =>
        `\u001b]99;i=sotto:${keys}:e=1;${Buffer.from(said).toString('base64')}${ST}`
      return part('d=0:p=title', title) + part('d=1:p=body', text)
    }
    case 'osc-777':
      return `\u001b]777;notify;${title.replaceAll(';', ',')};${text.replaceAll(';', ',')}${ST}`
    case 'osc-9':
    case 'unknown':
      return `\u001b]9;sotto: ${title}: ${text}${ST}` // A number first would be another command.
    case 'none':
      return ''
  }
}

/** The same through tmux, to the terminal around it. */
export function throughTmux(bytes: string): string {
  return bytes === '' ? '' : `\u001bPtmux;${bytes.replaceAll('\u001b', '\u001b\u001b')}${ST}`
}
