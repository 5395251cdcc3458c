import { existsSync, readFileSync } from 'node:fs'
import { test } from 'tap'
import { selfConversation } from '../../src/conversation/conversation-id.js'
import { change, DELETE, edit, everything, react, wish } from '../support/changing.js'
import { friends, type Desk } from '../support/desk.js'

/** The database as it lies on the disk, with its log. */
function files({ person: { path } }: Desk): string {
  return [path, `${path}-wal`, `${path}-shm`]
    .filter((each) => existsSync(each))
    .map((each) => readFileSync(each, 'latin1'))
    .join('\n')
}

test('a text that was deleted for everyone is in no table, no search index and no file of either side', async (t) => {
  const { alice, bob } = await friends(t)
  const message = await alice.write(bob, 'saltedcaramel is the word')
  await bob.catchUp()
  await change(alice, bob, message, edit('saltedcaramel was the word'))
  await change(bob, alice, message, react('🤫'))
  alice.person.core.store.transact((tx) => {
    const { id } = selfConversation(alice.person.id)
    const draft = JSON.stringify({ version: 1, edits: message, text: 'saltedcaramel, once more' })
    tx.drafts.save({ conversation: id, draft })
  })
  t.match(everything(alice), 'saltedcaramel', 'it would be found')
  t.match(everything(bob), 'saltedcaramel')

  await wish(alice, message, DELETE)
  t.notMatch(everything(alice), 'saltedcaramel')
  await alice.send()
  await bob.catchUp()
  for (const desk of [alice, bob]) {
    t.notMatch(everything(desk), 'saltedcaramel')
    t.notMatch(files(desk), 'saltedcaramel')
    t.same(searchFor(desk, 'saltedcaramel'), [])
  }
})

/** What the search index holds of a word, by itself. */
function searchFor(desk: Desk, word: string): readonly unknown[] {
  const database = desk.person.database()
  try {
    return database
      .prepare('SELECT rowid FROM message_search WHERE message_search MATCH ?')
      .all([word])
  } finally {
    database.close()
  }
}
