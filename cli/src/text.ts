import type { Readable } from 'node:stream'

import { InputError, TEXT_BYTES_MAX } from '@sotto/protocol'

import { chunksOf } from './input-stream.js'

/**
 * All of a stream as text, less one line end; never more than a message can hold. Throws
 * `file/unknown` where it cannot be read.
 */
export async function readText(stream: Readable, name = 'stdin'): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunksOf(stream, name)) {
    bytes += chunk.length
    if (bytes > TEXT_BYTES_MAX + 2) throw tooLong() // 2: the line end that is taken off.
    chunks.push(chunk)
  }
  return decode(Buffer.concat(chunks)).replace(/\r?\n$/, '')
}

/** Throws for a text no message can have: none, or more than fits. */
export function checkText(text: string): string {
  if (text === '') {
    throw new InputError('content/invalid', 'the message is empty', {
      fix: 'Give a text, or see whether the command before the pipe printed anything.',
    })
  }
  if (Buffer.byteLength(text) > TEXT_BYTES_MAX) throw tooLong()
  return text
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new InputError('content/invalid', 'what came on stdin is not text in UTF-8', {
      cause,
      fix: 'Convert it first, for example: iconv -f latin1 -t utf-8',
    })
  }
}

function tooLong(): InputError {
  return new InputError('content/too-large', 'the message is too long', {
    fix: `At most ${TEXT_BYTES_MAX} bytes fit; nothing is cut off silently. Send it in parts.`,
  })
}
