import type { EventObject, HistoryObject } from '@sotto/client-core'
import { NotFoundError, UsageError } from '@sotto/protocol'

import { messageReference } from '../model/effect.js'
import { canEdit, canReact, ownReaction } from '../model/meant-message.js'
import { emojiNamed } from '../model/reacting.js'
import { renderEvent, type Look } from '../text/messages.js'
import { safeLine } from '../text/safe-text.js'
import type { ChatClient } from './chat-client.js'
import type { LineCommand, LineDoor } from './line-command.js'

/** Among so many of the last messages is what is meant without an id. */
const LOOKED_THROUGH = 100
const QUOTE_LENGTH_MAX = 60
/** A message by its id, rather than a text. */
const BY_ID = /^(m_[0-9a-z]{6,}(?:@\S+)?)\s*([^]*)$/i

/** The last message here with which it can be done, or the one that is named in front. */
async function meant(
  { client, here }: LineDoor,
  written: string,
  isMeant: (line: HistoryObject) => boolean,
): Promise<string> {
  if (written !== '') return written
  const conversation = here()
  const lines = await client.call('conversation.history', { conversation, limit: LOOKED_THROUGH })
  const found = lines.findLast(isMeant)
  if (found !== undefined) return messageReference(found)
  throw new NotFoundError('message/unknown', 'there is no such message among the last ones here', {
    fix: 'Another one is named by its id: /details tells that of the last one.',
  })
}

function usage(example: string): UsageError {
  return new UsageError('usage/invalid', 'what is meant?', { fix: `As in: ${example}` })
}

export const reactCommand: LineCommand = {
  usage: 'EMOJI|NAME [MESSAGE]',
  summary: 'react to the last message that came here; or to another one, by its id',
  run: async (door, args) => {
    const [emoji = '', id = ''] = args.split(/\s+/)
    if (emoji === '') throw usage('/react 👍, /react heart')
    const message = await meant(door, id, (line) => canReact(line) && !line.sender.self)
    await door.client.call('message.react', { message, emoji: emojiNamed(emoji), wait: 'queued' })
  },
}

export const unreactCommand: LineCommand = {
  usage: '[MESSAGE]',
  summary: 'take your last reaction here back; or that to another message, by its id',
  run: async (door, args) => {
    const message = await meant(door, args, (line) => ownReaction(line) !== undefined)
    await door.client.call('message.unreact', { message, wait: 'queued' })
  },
}

export const editCommand: LineCommand = {
  usage: '[MESSAGE] TEXT',
  summary: 'write your last message here anew; or another one, by its id',
  run: async (door, args) => {
    const [, id = '', rest = ''] = BY_ID.exec(args) ?? []
    const text = id === '' ? args : rest
    if (text === '') throw usage('/edit I meant Tuesday')
    const message = await meant(door, id, canEdit)
    await door.client.call('message.edit', { message, text, wait: 'queued' })
  },
}

export const deleteCommand: LineCommand = {
  usage: 'me|everyone [MESSAGE]',
  summary:
    'delete your last message here, for you alone or for everyone; or another one, by its id',
  run: async (door, args) => {
    const [whom = '', id = ''] = args.split(/\s+/)
    if (whom !== 'me' && whom !== 'everyone')
      throw usage('/delete everyone, for good; /delete me, gone here alone')
    const message = await meant(door, id, canEdit)
    const everyone = whom === 'everyone'
    await door.client.call('message.delete', { message, everyone, wait: 'queued' })
    if (!everyone) door.note('deleted here; what was printed stays on the terminal')
  },
}

/** What oneself wrote, and what became of a message. */
export type OfMessage = Extract<EventObject, { readonly sender: object; readonly message: object }>

type Change = Extract<
  EventObject,
  { readonly type: 'reaction.added' | 'reaction.removed' | 'message.deleted' }
>

export function isChange(event: EventObject): event is Change {
  return (
    event.type === 'reaction.added' ||
    event.type === 'reaction.removed' ||
    event.type === 'message.deleted'
  )
}

/** `14:02 @bob.42 reacted with 👍: hello`: which message it was, by how it begins rather than by its id. */
export async function renderChange(client: ChatClient, event: Change, look: Look): Promise<string> {
  const told = renderEvent(event, look)
  const { id } = event.message
  if (event.type === 'message.deleted') return told.replace(`: ${id}`, '')
  const shown = await client.call('message.show', { message: id }).catch(() => undefined) // It may be gone by now.
  const [first = ''] = (shown?.message.text ?? '').split('\n')
  const quote = safeLine(first.slice(0, QUOTE_LENGTH_MAX))
  return quote === '' ? told : told.replace(id, () => quote)
}
