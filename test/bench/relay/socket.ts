import type WebSocket from 'ws'

export function opened(socket: WebSocket): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Never resolves; throws when the connection is over. Race it against what is waited for. */
export function closedEarly(socket: WebSocket): Promise<never> {
  return new Promise((_, reject) => {
    socket.on('error', reject)
    socket.once('close', (code) => reject(new Error(`the connection ended with ${code}`)))
  })
}

/** Ids of this many bits are four bytes as a varint, so that every frame has one layout. */
const FIRST_ID = 2 ** 22

/** Who waits for which submission. */
export class PendingSubmissions {
  readonly #waiting = new Map<number, () => void>()
  #nextId = FIRST_ID

  add(accepted: () => void): number {
    const id = this.#nextId++
    this.#waiting.set(id, accepted)
    return id
  }

  accepted(id: number): void {
    const accepted = this.#waiting.get(id)
    if (accepted === undefined) throw new Error('an answer to nothing')
    this.#waiting.delete(id)
    accepted()
  }
}
