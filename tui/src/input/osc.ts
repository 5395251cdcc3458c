import { Buffer } from 'node:buffer'

import { type Colour, type InputEvent, replyEvent } from './events.js'
import { decodeUtf8 } from './utf8.js'

const VERSION_LENGTH_MAX = 256

/** What `OSC content ST` answers: a colour, or what was copied. */
export function decodeOsc(content: Uint8Array): InputEvent | undefined {
  const [, number = '', rest = ''] = /^(\d{1,4});(.*)$/s.exec(decodeUtf8(content)) ?? []
  switch (number) {
    case '10':
      return colourReply('foreground', rest)
    case '11':
      return colourReply('background', rest)
    case '52':
      return clipboardReply(rest)
    default:
      return undefined
  }
}

/** What `DCS content ST` answers: name and version of the terminal. */
export function decodeDcs(content: Uint8Array): InputEvent | undefined {
  const [, version] = /^>\|(.*)$/s.exec(decodeUtf8(content)) ?? []
  if (version === undefined || version.length > VERSION_LENGTH_MAX) return undefined
  return replyEvent({ to: 'version', version })
}

function colourReply(of: 'foreground' | 'background', text: string): InputEvent | undefined {
  const colour = parseColour(text)
  return colour && replyEvent({ to: 'colour', of, colour })
}

/** `rgb:ffff/8080/0000`, with one to four digits a colour, as X11 writes them. */
function parseColour(text: string): Colour | undefined {
  const [, red, green, blue] =
    /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i.exec(text) ?? []
  if (red === undefined || green === undefined || blue === undefined) return undefined
  return { red: byteOf(red), green: byteOf(green), blue: byteOf(blue) }
}

function byteOf(digits: string): number {
  return Math.round((Number.parseInt(digits, 16) * 255) / (16 ** digits.length - 1))
}

function clipboardReply(text: string): InputEvent | undefined {
  const [, encoded] = /^[a-z\d]*;([A-Za-z\d+/]*={0,2})$/.exec(text) ?? []
  if (encoded === undefined) return undefined
  return replyEvent({ to: 'clipboard', text: decodeUtf8(Buffer.from(encoded, 'base64')) })
}
