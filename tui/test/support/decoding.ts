import { Buffer } from 'node:buffer'

import { InputDecoder } from '../../src/input/decoder.js'
import type { InputEvent } from '../../src/input/events.js'

/** What reads of these say, with a pause at the end. Neighbouring texts are one, as they mean the same. */
export function decode(...reads: readonly (string | Uint8Array)[]): InputEvent[] {
  const decoder = new InputDecoder()
  const events = reads.flatMap((read) => decoder.push(bytesOf(read)))
  return joinTexts([...events, ...decoder.flush()])
}

/** The same, with every byte in a read of its own. */
export function decodeByBytes(bytes: Uint8Array): InputEvent[] {
  return decode(...Array.from(bytes, (byte) => Uint8Array.of(byte)))
}

export function bytesOf(read: string | Uint8Array): Uint8Array {
  return typeof read === 'string' ? Buffer.from(read) : read
}

export function joinTexts(events: readonly InputEvent[]): InputEvent[] {
  const joined: InputEvent[] = []
  for (const event of events) {
    const last = joined.at(-1)
    if (event.kind === 'text' && last?.kind === 'text') {
      joined[joined.length - 1] = { kind: 'text', text: last.text + event.text }
    } else joined.push(event)
  }
  return joined
}

/** Events in short, so that a table of them can be read: `ctrl+alt+up`, `"text"`, `<mouse …>`. */
export function inShort(events: readonly InputEvent[]): string {
  return events.map(eventInShort).join(' ')
}

function eventInShort(event: InputEvent): string {
  switch (event.kind) {
    case 'text':
      return JSON.stringify(event.text)
    case 'key':
      return modifiersInShort(event) + event.key
    case 'paste':
      return `<paste ${JSON.stringify(event.text)}>`
    case 'mouse': {
      const { action, button, column, row } = event
      return `<${modifiersInShort(event)}${action} ${button} ${column},${row}>`
    }
    case 'focus':
      return event.focused ? '<focus>' : '<blur>'
    case 'reply':
      return `<${Object.values(event.reply)
        .map((value: unknown) => JSON.stringify(value))
        .join(' ')}>`
    case 'unknown':
      return `<unknown ${event.sequence} ${event.bytes}>`
  }
}

function modifiersInShort(event: { ctrl: boolean; alt: boolean; shift: boolean }): string {
  return (['ctrl', 'alt', 'shift'] as const)
    .filter((name) => event[name])
    .map((name) => `${name}+`)
    .join('')
}
