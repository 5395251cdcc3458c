import { readFileSync } from 'node:fs'
import type { AccountId, ConversationId } from '@sotto/protocol'
import { test } from 'tap'
import { directConversation, selfConversation } from '../../src/conversation/conversation-id.js'

const { direct, self } = JSON.parse(
  readFileSync(
    new URL('../../../../protocol/vectors/conversation-id.json', import.meta.url),
    'utf8',
  ),
) as {
  direct: readonly { own: AccountId; peer: AccountId; text: ConversationId }[]
  self: readonly { own: AccountId; text: ConversationId }[]
}

test('direct conversations have the ids of the vectors', async (t) => {
  t.same(
    direct.map(({ own, peer }) => directConversation(own, peer).id),
    direct.map(({ text }) => text),
  )
})

test('a direct conversation has one id, whoever asks', async (t) => {
  const [vector] = direct
  const { own, peer } = vector!
  t.equal(directConversation(own, peer).id, directConversation(peer, own).id)
})

test('notes to oneself have the ids of the vectors', async (t) => {
  t.same(
    self.map(({ own }) => selfConversation(own).id),
    self.map(({ text }) => text),
  )
})
