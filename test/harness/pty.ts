import { closeSync, constants, openSync } from 'node:fs'
import type { ReadStream } from 'node:tty'

import { type IPty, type IPtyForkOptions, spawn } from '@lydell/node-pty'

/** What the library keeps to itself: its end of the terminal, and the path of the program's. */
interface Ends {
  readonly _socket: ReadStream
  readonly ptsName: string
}

/**
 * A program on a terminal of its own. All it wrote is handed out before its exit is. By itself the
 * library loses what was not read yet on a busy machine, in two ways: a short read from a terminal whose
 * other end is closed counts as its last, and 200 ms after the program's exit it stops reading. So the
 * other end is held open here, and closed once there is nothing left to read.
 */
export function spawnOnTerminal(
  command: string,
  args: readonly string[],
  options: IPtyForkOptions,
): IPty {
  const pty = spawn(command, [...args], options)
  const { _socket: socket, ptsName } = pty as IPty & Ends // A terminal of Unix: tests run nowhere else.
  const held = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY)
  const destroy = socket.destroy.bind(socket)
  const destroyRead = (): void => {
    const read = socket.bytesRead
    // Between a timer and an immediate the loop reads what there is: nothing more came, so all was read.
    setTimeout(() => {
      setImmediate(() => (socket.bytesRead === read ? destroy() : destroyRead()))
    })
  }
  socket.destroy = (error) => {
    if (error === undefined) destroyRead()
    else destroy(error)
    return socket
  }
  socket.once('close', () => closeSync(held))
  return pty
}
