import { test } from 'tap'

import type { EventObject } from '@sotto/client-core'

import { openChat } from './support/chat.js'
import { line, receivedEvent } from './support/objects.js'

function typing(): EventObject {
  const { conversation, sender } = line({})
  const { seq: _seq, type: _type, ...common } = receivedEvent('')
  return { ...common, type: 'typing.started', conversation, sender }
}

/** What a chat shows when somebody has said three times that they type. */
async function shownWith(terminal: boolean): Promise<string> {
  const chat = await openChat({ terminal })
  for (let time = 0; time < 3; time++) chat.client.emit(typing())
  chat.end()
  await chat.ended
  return chat.shown()
}

test('in lines it is one line a minute that somebody is typing', async (t) => {
  t.equal((await shownWith(true)).split('@bob.42 is typing').length - 1, 1)
})

test('a chat over pipes, which scripts read, has no such line', async (t) => {
  t.notMatch(await shownWith(false), /typing/)
})
