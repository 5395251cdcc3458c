import { join } from 'node:path'

import { test, type Test } from 'tap'

import type { Screen } from '../harness/index.js'
import { historyOf, makePerson, succeed, type Person } from '../harness/index.js'
import { openScreen } from './support/open-screen.js'
import { beginPair, beginStrangers } from './support/pair.js'

const WIDE = { columns: 120, rows: 36 }
const NARROW = { columns: 60, rows: 24 }

/** Waits for a sentence, however it is broken into lines. */
function shows(screen: Screen, sentence: string): Promise<void> {
  return screen.until(({ text }) => text.replaceAll(/\s+/g, ' ').includes(sentence), sentence)
}

test('a request is accepted on the screen, and what is answered arrives', async (t) => {
  const { alice, carol } = await beginStrangers(t)
  await succeed(carol.run(['send', alice.handle, 'may I ask you something?']))

  const screen = openScreen(t, alice, WIDE)
  await screen.shows(/request/)
  screen.type('\r')
  await screen.shows(/Somebody you do not know[^]*\/accept/)
  await screen.shows(/may I ask you something\?/)
  screen.type('/accept\r')
  await screen.until(({ text }) => !text.includes('Somebody you do not know'), 'a contact')
  screen.type('of course\r')
  await screen.shows(/of course/)
  await succeed(carol.run(['receive']))
  t.match((await historyOf(carol, alice.handle)).at(-1), { message: { text: 'of course' } })
})

test('a request is blocked on a narrow screen, after a question', async (t) => {
  const { alice, carol } = await beginStrangers(t)
  await succeed(carol.run(['send', alice.handle, 'buy my watches']))

  const screen = openScreen(t, alice, NARROW)
  await screen.shows(/request/)
  screen.type('\r')
  await screen.shows(/Somebody you do not know/)
  screen.type('/block\r')
  await screen.shows(/Block [^]*They are not told/)
  screen.type('y')
  await shows(screen, 'is blocked: nothing comes or goes')
  await succeed(carol.run(['send', alice.handle, 'cheap!']))
  const contact = await succeed(alice.run(['contact', 'list', '--json']))
  t.match(contact.json<object>(), { contact: { blocked: true } })
})

test('a new conversation is begun by username, and a username nobody has is told', async (t) => {
  const { alice, carol } = await beginStrangers(t)
  const screen = openScreen(t, alice, WIDE)
  await screen.shows(/No conversation/)
  screen.type('\u000e')
  await screen.shows(/Write to somebody/)
  screen.type('nobody.99\r')
  await shows(screen, 'nobody has that username')
  screen.type('\u0015carol.42\r')
  await screen.shows(/written to @carol\.42 yet/)
  screen.type('hello Carol\r')
  await screen.shows(/accepted [^]*hello Carol/)
  const received = await succeed(carol.run(['receive', '--requests']))
  t.match(received.stdout, /hello Carol/)
})

test('an invite made on one screen is taken up on another', async (t) => {
  const { alice, carol } = await beginStrangers(t)
  const host = openScreen(t, alice, WIDE)
  await host.shows(/No conversation/)
  host.type('\u000binvite\r')
  await host.shows(/The first one to use this link/)
  const made = await succeed(alice.run(['invite', 'list', '--json']))
  const { link } = made.json<{ invite: { link: string } }>().invite
  t.ok(host.text.replaceAll(/\s/g, '').includes(link), 'the whole link is shown')
  t.ok(host.bytes.includes(Buffer.from(link).toString('base64')), 'and copied')

  const guest = openScreen(t, carol, NARROW)
  await guest.shows(/No conversation/)
  guest.type('\u000e')
  await guest.shows(/Write to somebody/)
  guest.type(`\u001b[200~${link}\u001b[201~\r`)
  await guest.shows(/Nothing has been written to/)
  guest.type('you invited me\r')
  await guest.shows(/you invited me/)
  host.type('\u001b')
  await host.shows(/you invited me/)
  const contact = await succeed(alice.run(['contact', 'list', '--json']))
  t.match(contact.json<object>(), { contact: { trust: 'known' } })
})

test('numbers that match make somebody verified, in the header and the list', async (t) => {
  const { alice, bob } = await beginPair(t)
  const { safetyNumber } = await numberOf(bob, alice.handle)
  const screen = openScreen(t, alice, WIDE)
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/>$/m)
  screen.type('\u001bv')
  await screen.shows(/\d{5} \d{5} \d{5} \d{5} \d{5}[^]*█/)
  const shown = screen.text.match(/\d{5}/g)?.join('') ?? ''
  t.ok(shown.includes(safetyNumber), 'it is the number that the other sees')
  screen.type('m')
  await screen.shows(/@bob\.42 ✓[^]*@bob\.42 .*verified/)
})

/** Bob, who has never written, gives his username up; who takes it writes to Alice, who has Bob open. */
async function beginChanged(t: Test, size: typeof WIDE, verified: boolean) {
  const { dir, relay, alice, bob } = await beginPair(t)
  if (verified) {
    const { safetyNumber } = await numberOf(bob, alice.handle)
    await succeed(alice.run(['verify', 'confirm', bob.handle, '--number', safetyNumber]))
  }
  const screen = openScreen(t, alice, size)
  await screen.shows(/@bob\.42/)
  screen.type('\r')
  await screen.shows(/>$/m)
  await succeed(bob.run(['account', 'edit', '--username', 'robert.77']))
  const newBob = await makePerson(relay, join(dir, 'new'), 'bob')
  await succeed(newBob.run(['send', alice.handle, 'it is me, Bob']))
  await shows(screen, "@bob.42's safety number changed")
  return { alice, newBob, screen }
}

test('to a verified contact whose name is another’s nothing goes until the numbers are compared', async (t) => {
  const { alice, newBob, screen } = await beginChanged(t, WIDE, true)
  screen.type('my secret plan\r')
  await shows(screen, "Not sent: @bob.42's safety number changed")
  await screen.shows(/> my secret plan/)
  screen.type('\u001bv')
  await shows(screen, 'the account that is called @bob.42 now')
  const { safetyNumber } = await numberOf(newBob, alice.handle)
  t.ok((screen.text.match(/\d{5}/g) ?? []).join('').includes(safetyNumber))
  screen.type('m')
  await screen.shows(/@bob\.42 .*verified[^]*it is me, Bob/)
  screen.type('good to hear\r')
  await screen.shows(/(accepted|delivered|read) [^]*good to hear/)
  const received = await succeed(newBob.run(['receive']))
  t.match(received.stdout, /good to hear/)
  t.notMatch(received.stdout, /my secret plan/)
})

test('a contact who was never verified is taken anew on a narrow screen, after a question', async (t) => {
  const { newBob, screen } = await beginChanged(t, NARROW, false)
  screen.type('/why\r')
  await shows(screen, 'lost their device')
  screen.type('t')
  await shows(screen, 'whoever got the name gets your messages')
  screen.type('y')
  await screen.shows(/it is me, Bob/)
  screen.type('welcome back\r')
  await screen.shows(/(accepted|delivered|read) [^]*welcome back/)
  t.match((await succeed(newBob.run(['receive']))).stdout, /welcome back/)
})

async function numberOf(person: Person, to: string): Promise<{ readonly safetyNumber: string }> {
  const shown = await succeed(person.run(['verify', 'show', to, '--json']))
  return shown.json<{ verify: { safetyNumber: string } }>().verify
}
