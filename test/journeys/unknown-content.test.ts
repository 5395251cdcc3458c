import { messageIdFromBytes } from '@sotto/protocol'
import { test } from 'tap'

import { succeed, type Person } from '../harness/index.js'
import { bytesOf, openDatabase } from '../bench/large-store.js'
import { openScreen } from './support/open-screen.js'
import { beginPair } from './support/pair.js'

const NOTICE = '[needs a newer sotto]'

/** The newest message becomes what a newer sotto wrote, as it is kept when it comes: whole and unread. */
function makeUnknown({ home }: Person): void {
  const database = openDatabase(home)
  const { row } = database.prepare('SELECT MAX(row) AS row FROM message').get() ?? {}
  const change = database.prepare('UPDATE message SET body = NULL, raw = ? WHERE row = ?')
  change.run([new Uint8Array([8, 99]), Number(row)])
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

test('what a newer sotto wrote is a line that says so, wherever messages are read', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'before']))
  await succeed(bob.run(['send', alice.handle, 'of a kind that is not known here']))
  await succeed(alice.run(['receive', '--as', 'zero']))
  makeUnknown(alice)

  t.match((await succeed(alice.run(['receive']))).stdout, NOTICE)
  t.match((await succeed(alice.run(['history', bob.handle]))).stdout, NOTICE)
  t.match((await succeed(alice.run(['conv', 'list']))).stdout, NOTICE)
  t.match((await succeed(alice.run(['--plain'], { input: '/open 1\n/quit\n' }))).stdout, NOTICE)
  const events = await succeed(alice.run(['receive', '--as', 'one', '--json']))
  t.match(events.jsonLines().at(-1), { message: { text: null, unsupported: true } })

  const screen = openScreen(t, alice)
  await screen.until(({ text }) => text.includes(NOTICE), 'it in the list')
  screen.type('\r')
  await screen.until(({ text }) => text.split(NOTICE).length === 3, 'it in the conversation, too')
  screen.type('\u001b[A\u001bOQ')
  await screen.shows(/This message[^]*When it was sent/)
})

/** Ten thousand contents of a kind that is not known here, as if they had come. */
function addUnknown({ home }: Person, count: number): void {
  const database = openDatabase(home)
  const add = database.prepare(
    `INSERT INTO message (conversation, author, id, device, sent_ms, arrival_ms, body, raw, status, seen)
     SELECT id, account, ?, 1, ?, ?, NULL, ?, 'received', 0 FROM conversation WHERE kind = 'direct'`,
  )
  const firstMs = Date.now() - count
  database.transaction(() => {
    for (let number = 0; number < count; number++) {
      const atMs = firstMs + number
      add.run([messageIdFromBytes(bytesOf(number)), atMs, atMs, new Uint8Array([8, 99])])
    }
  })()
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

test('ten thousand of them, as reactions would come, leave the screen whole, and it can be written in', async (t) => {
  const { alice, bob } = await beginPair(t)
  addUnknown(alice, 10_000)
  await succeed(bob.run(['send', alice.handle, 'behind all of them']))
  const screen = openScreen(t, alice)
  await screen.until(({ text }) => text.includes('behind all of them'), 'the newest in the list')

  screen.type('\r')
  await screen.until(
    ({ text }) => text.split(NOTICE).length > 5,
    'some of them in the conversation',
  )
  for (let page = 0; page < 5; page++) screen.type('\u001b[5~')
  await screen.until(({ text }) => !/^.*│.*behind all of them/m.test(text), 'older ones')
  screen.type('\u001b[F')
  await screen.until(({ text }) => /^.*│.*behind all of them/m.test(text), 'the newest again')
  screen.type('have seen it')
  screen.type('\u001b[H')
  screen.type('I \r')
  await screen.shows(/│.*I have seen it/)
  await succeed(bob.run(['receive']))

  t.match((await succeed(bob.run(['history', alice.handle]))).stdout, /I have seen it/)
})
