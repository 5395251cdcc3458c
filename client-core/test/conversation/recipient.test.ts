import { SottoError } from '@sotto/protocol'
import { test } from 'tap'
import { parseAlias, parseRecipient, resolve } from '../../src/conversation/recipient.js'
import type { Contact } from '../../src/store/tables/contacts.js'
import { befriend, friends, strangers, type Desk } from '../support/desk.js'

const ACCOUNT = '0d2f6bd3-5d37-8c8a-9b37-3d1c6f9a2b41'

/** What parsing answers, or the code it refuses with. */
function outcomeOf(parse: (written: string) => unknown, written: string): unknown {
  try {
    return parse(written)
  } catch (thrown) {
    if (thrown instanceof SottoError) return `${thrown.code} ${thrown.exitCode}`
    throw thrown
  }
}

test('a recipient is written as cli.md says', (t) => {
  const table: readonly (readonly [string, unknown])[] = [
    ['me', { kind: 'self' }],
    ['@alice.42', { kind: 'username', username: 'alice.42' }],
    ['@Alice_B.042', 'usage/invalid 64'],
    ['@Alice_B.42', { kind: 'username', username: 'Alice_B.42' }],
    ['@alice', { kind: 'alias', alias: 'alice' }],
    ['@Alice', { kind: 'alias', alias: 'alice' }],
    ['@größe', { kind: 'alias', alias: 'größe' }],
    ['id:c_0123ABCD', { kind: 'conversation', prefix: 'c_0123ABCD' }],
    [`acct:${ACCOUNT}`, { kind: 'account', account: ACCOUNT }],
    [`acct:${ACCOUNT.toUpperCase()}`, { kind: 'account', account: ACCOUNT }],
  ]
  t.same(
    table.map(([written]) => outcomeOf(parseRecipient, written)),
    table.map(([, outcome]) => outcome),
  )
  t.end()
})

test('what is no recipient, or not one yet, is a mistake in use', (t) => {
  const wrong = [
    '',
    'alice',
    'alice.42',
    'Me',
    '@',
    '@a b',
    '@al.42',
    '@alice.1',
    '@alice.',
    '@alice.42@',
    '@alice.42@a host',
    '@alice@host',
    '@alice@host@other',
    '@' + 'x'.repeat(33),
    '#ops',
    'sotto://invite',
    'acct:',
    'acct:123',
    'acct:0d2f6bd3-5d37-4c8a-9b37-3d1c6f9a2b41',
    '@ali\u202ece',
  ]
  t.same(
    wrong.filter((written) => outcomeOf(parseRecipient, written) !== 'usage/invalid 64'),
    [],
  )
  t.end()
})

test('a local name has no dot and is the same in any case', (t) => {
  t.equal(parseAlias('@Bob'), 'bob')
  t.equal(parseAlias('bob-2_x'), 'bob-2_x')
  t.equal(outcomeOf(parseAlias, 'bob.42'), 'usage/invalid 64')
  t.equal(outcomeOf(parseAlias, ''), 'usage/invalid 64')
  t.end()
})

/** What a written recipient means to a desk: the account, the kind, or the code of the refusal. */
function meaning(desk: Desk, written: string): unknown {
  return outcomeOf((text) => {
    const resolved = resolve(desk.read, parseRecipient(text))
    return resolved.kind === 'contact' ? resolved.contact.account : resolved.kind
  }, written)
}

function change(desk: Desk, peer: Desk, changes: Partial<Contact>): void {
  desk.person.core.store.transact((tx) => {
    const contact = tx.contacts.byAccount(peer.person.id)
    if (contact !== undefined) tx.contacts.save({ ...contact, ...changes })
  })
}

test('a contact is found by username in any case, by local name, account and conversation', async (t) => {
  const { alice, bob } = await friends(t)
  change(alice, bob, { alias: 'bobby' })
  const id = alice.read.contacts.conversationWith(bob.person.id)?.id ?? ''
  const names = [
    '@bob.42',
    '@BOB.42',
    '@bobby',
    `acct:${bob.person.id}`,
    `id:${id}`,
    `id:${id.slice(0, 8)}`,
  ]
  t.same([...new Set(names.map((written) => meaning(alice, written)))], [bob.person.id])
})

test('whoever is not known is a stranger to be looked up, or unknown', async (t) => {
  const { alice } = await friends(t)
  t.equal(meaning(alice, '@carol.42'), 'stranger')
  t.equal(meaning(alice, `acct:${ACCOUNT}`), 'stranger-account')
  t.equal(meaning(alice, '@carol'), 'recipient/unknown 67')
  t.equal(meaning(alice, 'id:c_ZZZZZZZZ'), 'recipient/unknown 67')
})

test('a username may name its relay, which is one’s own or not known yet', async (t) => {
  const { alice, bob } = await friends(t)
  t.equal(meaning(alice, '@bob.42@127.0.0.1:1'), bob.person.id)
  t.equal(meaning(alice, '@carol.42@127.0.0.1:1'), 'stranger')
  t.equal(meaning(alice, '@alice.42@127.0.0.1:1'), 'recipient/self 67')
  t.equal(meaning(alice, '@bob.42@127.0.0.1:2'), 'usage/invalid 64')
  t.equal(meaning(alice, '@bob.42@relay.example'), 'usage/invalid 64')
})

test('too little of a conversation’s id is never guessed', async (t) => {
  const { alice, bob } = await friends(t)
  const id = alice.read.contacts.conversationWith(bob.person.id)?.id ?? ''
  t.equal(meaning(alice, `id:${id.slice(0, 7)}`), 'recipient/unknown 67')
  t.equal(meaning(alice, 'id:'), 'recipient/unknown 67')
})

test('one’s own address is refused as a recipient, in whichever form', async (t) => {
  const { alice } = await friends(t)
  t.equal(meaning(alice, '@alice.42'), 'recipient/self 67')
  t.equal(meaning(alice, '@ALICE.42'), 'recipient/self 67')
  t.equal(meaning(alice, `acct:${alice.person.id}`), 'recipient/self 67')
  t.equal(meaning(alice, 'me'), 'self')
})

test('a bare name that is nobody’s local name is not guessed: the usernames it could be are shown', async (t) => {
  const { alice } = await friends(t)
  t.throws(() => resolve(alice.read, parseRecipient('@bob')), {
    code: 'recipient/ambiguous',
    message: /@bob\.42/,
  })
})

test('two contacts under one username are told apart by account', async (t) => {
  const office = await friends(t)
  const { alice, bob } = office
  const carol = office.hire('carol')
  await befriend(office, alice, carol)
  change(alice, carol, { handle: 'bob.42' })
  t.throws(() => resolve(alice.read, parseRecipient('@bob.42')), {
    code: 'recipient/ambiguous',
    message: new RegExp(bob.person.id),
  })
})

test('a username that somebody only claims does not lead to them', async (t) => {
  const { alice, bob } = strangers(t)
  await alice.add(bob)
  await alice.write(bob, 'may I?')
  await bob.catchUp()
  t.equal(bob.read.contacts.byAccount(alice.person.id)?.claimed, 'alice.42')
  t.equal(meaning(bob, '@alice.42'), 'stranger')
})

test('a local name has one form, and is found by whatever it is shown as', async (t) => {
  t.equal(parseAlias('@İstanbul'), 'istanbul')
  t.equal(parseAlias('Ame\u0301lie'), 'am\u00e9lie')
  for (const written of ['İİ', 'Ünï_cöde', 'ΣΑΣ', 'straße', 'ﬀ'])
    t.equal(parseAlias(parseAlias(written)), parseAlias(written))
})
