import { InputError, NotFoundError, UsageError } from '@sotto/protocol'

import { messageReference } from '../model/effect.js'
import { renderMessage, renderStatus, senderName } from '../text/messages.js'
import { safeLine } from '../text/safe-text.js'
import { shortTime } from '../text/time.js'
import { LINE_ENGLISH } from '../words/line-en.js'
import type { LineCommand, LineDoor } from './line-command.js'

/** A message by its id or the beginning of one; left out, the newest of the open conversation. */
async function chosen({ client, here }: LineDoor, written: string): Promise<string> {
  if (written !== '') return written
  const conversation = here()
  const [newest] = await client.call('conversation.history', { conversation, limit: 1 })
  if (newest !== undefined) return messageReference(newest)
  throw new NotFoundError('message/unknown', 'nothing has been written here yet', {
    fix: 'Of another conversation a message is named by its id.',
  })
}

export const detailsCommand: LineCommand = {
  usage: '[MESSAGE]',
  summary: 'when the last message here was sent, and who has it; or another one, by its id',
  run: async (door, args) => {
    const { client, look, print } = door
    const { message, sender, conversation } = await client.call('message.show', {
      message: await chosen(door, args),
    })
    print(renderMessage({ message, sender, conversation }, look))
    print(`  ${message.id}  sent ${message.sentAt}, by ${senderName(sender, conversation)}`)
    if (message.edited && message.editedAt !== undefined)
      print(`  edited ${shortTime(message.editedAt, look.nowMs)}`)
    for (const { emoji, sender: by, at } of message.reactions)
      print(`  ${safeLine(emoji)}  ${shortTime(at, look.nowMs)}  ${senderName(by, conversation)}`)
    if (message.status !== undefined) print(`  ${renderStatus(message.status, look.paint)}`)
    for (const { recipient, status, at } of message.receipts)
      print(
        `  ${renderStatus(status, look.paint)}  ${shortTime(at, look.nowMs)}  ${safeLine(recipient)}`,
      )
  },
}

export const forwardCommand: LineCommand = {
  usage: '@NAME [MESSAGE]',
  summary: 'write the last message here again to somebody; or another one, by its id',
  run: async (door, args) => {
    const [to = '', written = ''] = args.split(/\s+/)
    if (to === '')
      throw new UsageError('usage/invalid', 'to whom?', { fix: 'As in: /forward @carol.19' })
    const { client, note } = door
    const { message } = await client.call('message.show', { message: await chosen(door, written) })
    if (message.text === null)
      throw new InputError('content/invalid', 'there is no text in it', {
        fix: 'Only texts can be written again.',
      })
    await client.call('message.send', { to: [to], text: message.text, wait: 'queued' })
    note(`written again to ${safeLine(to)}`)
  },
}

export const exportCommand: LineCommand = {
  usage: 'FILE',
  summary: 'write the open conversation into a new file, unencrypted',
  run: async ({ files, here, note }, args) => {
    if (args === '')
      throw new UsageError('usage/invalid', 'into which file?', {
        fix: 'As in: /export talk.ndjson',
      })
    const { messages, path } = await files.exportTo(here(), args)
    note(LINE_ENGLISH.exported(messages, safeLine(path)))
  },
}
