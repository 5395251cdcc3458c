import type { IncomingMessage } from 'node:http'
import { FRAME_BYTES_MAX, ProtocolError, type Bytes } from '@sotto/protocol'

export class BodyTooLargeError extends ProtocolError {
  constructor() {
    super('content/too-large', 'the request is too large')
  }
}

/** The whole body of a request. Throws a BodyTooLargeError above FRAME_BYTES_MAX. */
export async function readBody(request: IncomingMessage): Promise<Bytes> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length > FRAME_BYTES_MAX) throw new BodyTooLargeError()
  }
  return new Uint8Array(Buffer.concat(chunks))
}
