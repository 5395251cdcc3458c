import type { MessageId } from '@sotto/protocol'

import { messageOf } from '../chat.js'
import { ask } from '../effect.js'
import { openChat, type Chat } from '../state.js'
import { step } from '../step.js'
import { toast } from '../toasts.js'
import type { Command } from '../surface.js'

export const unsentCommands = {
  /** The chosen one, else the newest of one's own here that waits. */
  'message.cancel': {
    slash: 'cancel',
    run: (state, { surface }) => {
      const chat = openChat(state)
      const waiting = chat && queuedIn(chat)
      if (waiting === undefined)
        return step(toast(state, surface.words.screen.people.nothingQueued, 'plain'))
      return step(state, ask('outbox.cancel', { messages: [waiting] }))
    },
  },
} satisfies Record<string, Command>

function queuedIn(chat: Chat): MessageId | undefined {
  const chosen = messageOf(chat, chat.selected)?.message
  if (chosen !== undefined) return chosen.status === 'queued' ? chosen.id : undefined
  const messages = chat.entries.filter((entry) => entry.kind === 'message')
  return messages.findLast(({ object }) => object.message.status === 'queued')?.id
}
