import type {
  EventObject,
  HistoryObject,
  MessageObject,
  MethodParams,
  MethodResult,
  ReactionObject,
} from '@sotto/client-core'
import { InputError, PermissionError } from '@sotto/protocol'

import type { By } from './script.js'
import type { Talk, DemoWorld, EventBody } from './world.js'

export interface ChangeDoor {
  readonly emit: (body: EventBody) => void
  /** A change of one's own is there: whoever it is written to may answer it. */
  readonly changed: (talk: Talk, line: HistoryObject) => void
}

/** Reactions, edits and deletes in the made-up world, by oneself or by who one talks to. */
export class DemoChanges {
  readonly #world: DemoWorld
  readonly #emit: (body: EventBody) => void

  constructor(world: DemoWorld, emit: (body: EventBody) => void) {
    this.#world = world
    this.#emit = emit
  }

  /** Empty: taken back. */
  react(talk: Talk, { message: { id } }: HistoryObject, by: By, emoji: string): void {
    const line = this.#current(talk, id)
    const sender = this.#world.senderIn(talk, by === 'me')
    const before = line.message.reactions ?? []
    const [old] = before.filter((each) => each.sender.id === sender.id)
    const others = before.filter((each) => each.sender.id !== sender.id)
    const reactions: readonly ReactionObject[] =
      emoji === '' ? others : [...others, { emoji, sender, at: this.#world.now }]
    const { reactions: _, ...message } = line.message
    this.#world.rewrite(talk, reactions.length === 0 ? message : { ...message, reactions })
    const type: EventObject['type'] = emoji === '' ? 'reaction.removed' : 'reaction.added'
    if (emoji !== '' || old !== undefined)
      this.#emit({
        ...{ type, conversation: line.conversation, sender, message: { id } },
        emoji: emoji === '' ? (old?.emoji ?? '') : emoji,
      })
  }

  edit(talk: Talk, { message: { id } }: HistoryObject, by: By, text: string): void {
    const { message, conversation } = this.#current(talk, id)
    const edited: MessageObject = {
      ...{ ...message, text, edited: true },
      editedAt: this.#world.now,
    }
    this.#world.rewrite(talk, edited)
    const sender = this.#world.senderIn(talk, by === 'me')
    this.#emit({ type: 'message.edited', conversation, sender, message: edited })
  }

  delete(talk: Talk, { message: { id } }: HistoryObject, by: By, everyone: boolean): void {
    const { message, conversation } = this.#current(talk, id)
    if (everyone) this.#world.rewrite(talk, tombstone(message))
    else this.#world.takeBack(talk, id)
    const sender = this.#world.senderIn(talk, by === 'me')
    this.#emit({ type: 'message.deleted', conversation, sender, message: { id } })
  }

  #current(talk: Talk, id: MessageObject['id']): HistoryObject {
    const line = talk.lines.find(({ message }) => message.id === id)
    if (line === undefined || line.message.deleted === true) throw deleted()
    return line
  }
}

/** What the core's methods answer, over the made-up world. */
export function changeAnswers(world: DemoWorld, changes: DemoChanges, { changed }: ChangeDoor) {
  const found = (message: string) => {
    const line = world.line(message)
    return { line, talk: world.talk(`id:${line.conversation.id}`) }
  }
  const own = (message: string) => {
    const { line, talk } = found(message)
    if (line.sender.self) return { line, talk }
    throw new PermissionError('content/not-yours', 'only who wrote a message can change it', {
      fix: 'You can delete it for yourself.',
    })
  }
  const done = (talk: Talk, line: HistoryObject): MethodResult<'message.send'> => {
    changed(talk, line)
    const { id } = line.message
    const { conversation } = line
    const result = { recipient: conversation.name, status: 'queued' as const, id, conversation }
    return { result: { id, conversation, status: 'queued', results: [result] }, exitCode: 0 }
  }
  return {
    'message.react': ({ message, emoji }: MethodParams<'message.react'>) => {
      const { line, talk } = found(message)
      if (talk.detail.trust === 'request')
        throw new PermissionError('contact/not-accepted', 'a reaction would answer the request', {
          fix: 'Accept it first.',
        })
      changes.react(talk, line, 'me', emoji)
      return done(talk, line)
    },
    'message.unreact': ({ message }: MethodParams<'message.unreact'>) => {
      const { line, talk } = found(message)
      changes.react(talk, line, 'me', '')
      return done(talk, line)
    },
    'message.edit': ({ message, text }: MethodParams<'message.edit'>) => {
      const { line, talk } = own(message)
      changes.edit(talk, line, 'me', text)
      return done(talk, line)
    },
    'message.delete': ({ message, everyone = false }: MethodParams<'message.delete'>) => {
      const { line, talk } = everyone ? own(message) : found(message)
      changes.delete(talk, line, 'me', everyone)
      return done(talk, line)
    },
  }
}

function tombstone({ id, sentAt, status }: MessageObject): MessageObject {
  return {
    ...{ id, sentAt, text: null, replyTo: null, attachments: [], expiresAt: null, deleted: true },
    ...(status === undefined ? {} : { status }),
  }
}

function deleted(): InputError {
  return new InputError('message/deleted', 'the message was deleted')
}
