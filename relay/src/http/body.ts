import type { IncomingMessage } from 'node:http'
import { FRAME_BYTES_MAX, ProtocolError, type Bytes } from '@sotto/protocol'

export class BodyTooLargeError extends ProtocolError {
  constructor() {
    super('content/too-large', 'the request is too large')
  }
}

/**
 * The whole body of a request. Throws a BodyTooLargeError above FRAME_BYTES_MAX, `wire/malformed`
 * where the client goes away in the middle of it.
 */
export async function readBody(request: IncomingMessage): Promise<Bytes> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request) {
      chunks.push(chunk as Buffer)
      length += (chunk as Buffer).length
      if (length > FRAME_BYTES_MAX) throw new BodyTooLargeError()
    }
  } catch (cause) {
    if (cause instanceof BodyTooLargeError) throw cause
    // Anybody can do that at any time: it is no fault of ours, and nothing to alarm an operator with.
    throw new ProtocolError('wire/malformed', 'the request ended in its middle', { cause })
  }
  return new Uint8Array(Buffer.concat(chunks))
}
