import { decodeContent, isChange } from '@sotto/protocol'
import type { Core } from '../core.js'
import type { Transactor } from '../store/store.js'
import { receiveChange } from './receive.js'

/**
 * What an earlier sotto kept because it could not read it, and this one can: a change takes its place
 * on its message, and the line that stood for it goes. Once after each upgrade that has to look.
 */
export function readAgain(tx: Transactor, core: Core): void {
  for (const message of tx.changes.toReadAgain()) {
    if (message.raw === null) continue
    const { content } = decodeContent(message.raw)
    if (content.kind === 'unsupported') continue
    tx.changes.drop(message)
    if (!isChange(content)) continue // Who wrote something then.
    receiveChange(tx, core, {
      author: { account: message.author, device: message.device },
      change: content,
      ...{ sentMs: message.sentMs, arrivalMs: message.arrivalMs },
    })
  }
  tx.changes.forgetToReadAgain()
}
