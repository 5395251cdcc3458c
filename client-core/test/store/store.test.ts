import { copyFileSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AccountId, DeviceId, RegistrationId } from '@sotto/protocol'
import { test } from 'tap'
import { Store, WAL_LEFT_BYTES_MAX, type Transactor } from '../../src/store/store.js'
import { AccountWriter, type OwnAccount } from '../../src/store/tables/account.js'
import { ContactsWriter, newContact } from '../../src/store/tables/contacts.js'
import { InboxWriter, QUARANTINE_MAX } from '../../src/store/tables/inbox.js'
import { JournalWriter } from '../../src/store/tables/journal.js'
import { MessagesWriter } from '../../src/store/tables/messages.js'
import { OutboxWriter } from '../../src/store/tables/outbox.js'
import { PeersWriter, type Peer, type StoredSession } from '../../src/store/tables/peers.js'
import { PrekeysWriter } from '../../src/store/tables/prekeys.js'
import { ManualClock } from '../net/manual-clock.js'
import { temporaryFolder } from '../support/world.js'
import { add, ALICE, beginStore, BOB, CONVERSATION, KEY, messageId, messageOf } from './scene.js'

function peerOf(): Peer {
  const bytes = new Uint8Array(1)
  return {
    ...{ account: BOB, identityKey: bytes, verified: false },
    ...{ manifestVersion: 1, manifest: bytes, manifestSignature: bytes },
  }
}

const DEVICE = 1 as DeviceId
const DIGEST = new Uint8Array(32).fill(3)

const own: OwnAccount = {
  ...{ account: ALICE, device: DEVICE, registrationId: 1 as RegistrationId },
  ...{ relay: 'https://relay.example', relayRoot: DIGEST, certificateRoot: DIGEST },
  ...{ identityPair: DIGEST, deviceKey: DIGEST, manifest: DIGEST, manifestSignature: DIGEST },
  ...{ username: null, name: 'Alice', profileVersion: 1, accessKey: DIGEST, route: null },
  ...{ createdMs: 1, status: '', pendingAccessKey: null, proxy: null, readReceipts: true },
  typing: true,
}

function sessionOf(manifestSent: number): StoredSession {
  const record = Uint8Array.of(manifestSent)
  return { account: BOB, device: DEVICE, record, confirmed: false, manifestSent }
}

/** A text, a receipt and an error that wait, and a conversation; the row of the text. */
function addWaiting(tx: Transactor): number {
  const content = Uint8Array.of(1)
  const waiting = {
    recipient: BOB,
    content,
    message: null,
    target: null,
    createdMs: 1,
    resend: false,
  }
  tx.outbox.addReceiptDue({ recipient: BOB, type: 'read', message: messageId(1), dueMs: 5 })
  const error = { digest: DIGEST, account: BOB, device: DEVICE, error: content, dueMs: 7 }
  tx.sent.postponeError(error)
  tx.contacts.openConversation({ id: CONVERSATION, kind: 'direct', account: BOB }, 1)
  return tx.outbox.add({ ...waiting, kind: 'text' })
}

test('a transaction that throws changes nothing and tells nobody', (t) => {
  const { store } = beginStore(t)
  const told: (readonly number[])[] = []
  store.onJournal((seqs) => told.push(seqs))
  const failing = () =>
    store.transact((tx) => {
      tx.messages.add(messageOf(1))
      tx.record({ type: 'message.received', account: BOB, message: messageId(1) })
      throw new Error('second thoughts')
    })
  t.throws(failing, { code: 'store/failed' })
  t.equal(store.read.messages.get(BOB, messageId(1)), undefined)
  t.same(store.read.journal.after(0, 10), [])
  t.same(told, [])
  t.end()
})

test('after a transaction that threw the next one goes on as if nothing had been', (t) => {
  const { store } = beginStore(t)
  const failing = () =>
    store.transact(() => {
      throw new Error('second thoughts')
    })
  t.throws(failing)
  add(store, messageOf(1))
  t.match(store.read.messages.get(BOB, messageId(1)), { body: 'text 1' })
  t.end()
})

test('whoever was read in a transaction that threw is afterwards as they were before', (t) => {
  const { store } = beginStore(t)
  const [contact, peer] = [newContact({ account: BOB, trust: 'request', createdMs: 1 }), peerOf()]
  store.transact((tx) => {
    tx.contacts.save(contact)
    tx.peers.savePeer(peer)
  })
  const failing = () =>
    store.transact((tx) => {
      tx.contacts.save({ ...contact, trust: 'known' })
      tx.contacts.save(newContact({ account: ALICE, trust: 'known', createdMs: 2 }))
      tx.peers.setVerified(BOB, true)
      t.match(tx.contacts.byAccount(BOB), { trust: 'known' })
      t.match(tx.contacts.byAccount(ALICE), { trust: 'known' })
      t.match(tx.peers.peer(BOB), { verified: true })
      throw new Error('second thoughts')
    })
  t.throws(failing)
  t.match(store.read.contacts.byAccount(BOB), { trust: 'request' })
  t.equal(store.read.contacts.byAccount(ALICE), undefined)
  t.match(store.read.peers.peer(BOB), { verified: false })
  t.end()
})

test('what waits, a session and oneself are after a transaction that threw as they were before', (t) => {
  const { store } = beginStore(t)
  const { read } = store
  store.transact((tx) => {
    tx.account.create(own)
    tx.journal.setId(Uint8Array.of(1))
    tx.peers.saveSession(sessionOf(1))
  })
  const standing = () => ({
    recipients: read.outbox.recipients(),
    receiptMs: read.outbox.nextReceiptMs(),
    receipts: read.outbox.receiptsDue(10, 100),
    errorMs: read.sent.nextErrorMs(),
    errors: read.sent.errorsDue(10),
    session: read.peers.session(BOB, DEVICE),
    name: read.account.own()?.name,
    drawnMs: read.account.certificate()?.drawnMs,
    conversation: read.contacts.conversation(CONVERSATION),
  })
  const before = standing()
  const write = (tx: Transactor): void => {
    addWaiting(tx)
    tx.peers.saveSession(sessionOf(2))
    tx.account.saveProfile({ username: null, name: 'another', status: '' })
    tx.account.saveCertificate({ certificate: DIGEST, drawnMs: 9, expiresMs: 10 })
  }
  const failing = () =>
    store.transact((tx) => {
      write(tx)
      t.notSame(standing(), before, 'what is written is read in the transaction')
      throw new Error('second thoughts')
    })
  t.throws(failing)
  t.same(standing(), before)
  store.transact(write)
  t.match(standing(), {
    ...{ recipients: [BOB], receiptMs: 5, receipts: [{ recipient: BOB }] },
    ...{ errorMs: 7, errors: [{ account: BOB }] },
    ...{ session: { manifestSent: 2 }, name: 'another', conversation: { account: BOB } },
    drawnMs: 9,
  })
  t.end()
})

test('what waits no more is not found any more, one way or the other', (t) => {
  const { store } = beginStore(t)
  const { read } = store
  let row = 0
  const isEmpty = (): boolean =>
    read.outbox.recipients().length === 0 &&
    read.outbox.nextReceiptMs() === undefined &&
    read.sent.nextErrorMs() === undefined
  const refill = (): void => {
    t.ok(isEmpty())
    store.transact((tx) => {
      row = addWaiting(tx)
    })
    t.same(read.outbox.recipients(), [BOB])
    t.equal(read.outbox.nextReceiptMs(), 5)
    t.equal(read.sent.nextErrorMs(), 7)
  }
  refill()
  const [receipts] = read.outbox.receiptsDue(10, 100)
  store.transact((tx) => {
    tx.outbox.remove(row)
    if (receipts !== undefined) tx.outbox.removeReceiptsDue(receipts)
    tx.sent.removePostponed(DIGEST)
  })
  refill()
  store.transact((tx) => {
    tx.outbox.remove(row)
    tx.outbox.forgetReceiptsDue(BOB)
    tx.sent.forget(8)
  })
  t.ok(isEmpty())
  t.end()
})

test('a session that is saved or removed is what the next one reads', (t) => {
  const { store } = beginStore(t)
  t.equal(store.read.peers.session(BOB, DEVICE), undefined)
  store.transact((tx) => tx.peers.saveSession(sessionOf(1)))
  t.match(store.read.peers.session(BOB, DEVICE), sessionOf(1))
  store.transact((tx) => tx.peers.saveSession(sessionOf(2)))
  t.match(store.read.peers.session(BOB, DEVICE), sessionOf(2))
  store.transact((tx) => tx.peers.removeSession(BOB, DEVICE))
  t.equal(store.read.peers.session(BOB, DEVICE), undefined)
  t.end()
})

test('whoever was looked up in vain is found once they are written, and no more once removed', (t) => {
  const { store } = beginStore(t)
  t.equal(store.read.contacts.byAccount(BOB), undefined)
  t.equal(store.read.peers.peer(BOB), undefined)
  store.transact((tx) => {
    tx.contacts.save(newContact({ account: BOB, trust: 'known', createdMs: 1 }))
    tx.peers.savePeer(peerOf())
  })
  t.match(store.read.contacts.byAccount(BOB), { trust: 'known' })
  t.match(store.read.peers.peer(BOB), { manifestVersion: 1 })
  store.transact((tx) => {
    tx.contacts.remove(BOB, 1)
    tx.peers.savePeer({ ...peerOf(), manifestVersion: 2 })
  })
  t.equal(store.read.contacts.byAccount(BOB), undefined)
  t.match(store.read.peers.peer(BOB), { manifestVersion: 2 })
  t.end()
})

test('whoever is replaced because another has their alias now is no longer read', (t) => {
  const { store } = beginStore(t)
  const called = { alias: 'friend', trust: 'known', createdMs: 1 } as const
  store.transact((tx) => {
    tx.contacts.save(newContact({ ...called, account: BOB }))
  })
  t.match(store.read.contacts.byAccount(BOB), called)
  store.transact((tx) => {
    tx.contacts.save(newContact({ ...called, account: ALICE }))
  })
  t.equal(store.read.contacts.byAccount(BOB), undefined)
  t.end()
})

test('of more people than are remembered each is read as they are', (t) => {
  const { store } = beginStore(t)
  const account = (index: number) =>
    `00000000-0000-8000-8000-${String(index).padStart(12, '0')}` as AccountId
  store.transact((tx) => {
    for (let index = 0; index < 600; index++)
      tx.contacts.save(newContact({ account: account(index), trust: 'known', createdMs: index }))
  })
  for (let time = 0; time < 2; time++)
    for (let index = 0; index < 600; index++)
      if (store.read.contacts.byAccount(account(index))?.createdMs !== index) t.fail(String(index))
  t.end()
})

test('a body that waits is refused, and what it wrote is undone', async (t) => {
  const { store } = beginStore(t)
  const waiting = async () => {
    await Promise.resolve()
  }
  const body = () =>
    store.transact((tx) => {
      tx.messages.add(messageOf(1))
      return waiting()
    })
  t.throws(body, { code: 'bug/invariant' })
  t.equal(store.read.messages.get(BOB, messageId(1)), undefined)
})

test('a transaction inside a transaction is a bug', (t) => {
  const { store } = beginStore(t)
  const nested = () => store.transact(() => store.transact(() => 1))
  t.throws(nested, { code: 'bug/invariant' })
  t.equal(
    store.transact(() => 'and on we go'),
    'and on we go',
  )
  t.end()
})

test('whoever listens finds the row of what they are told, for it is committed', (t) => {
  const { store } = beginStore(t)
  const read: unknown[] = []
  store.onJournal(([seq = 0]) => {
    const [event] = store.read.journal.after(seq - 1, 1)
    read.push(store.read.messages.get(BOB, event?.message ?? messageId(0))?.body)
    store.transact((tx) => {
      tx.journal.moveCursor('listener', seq, 0)
    })
  })
  store.transact((tx) => {
    tx.messages.add(messageOf(1))
    tx.record({ type: 'message.received', account: BOB, message: messageId(1) })
    t.same(read, [])
  })
  t.same(read, ['text 1'])
  t.equal(store.read.journal.cursor('listener'), 1)
  t.end()
})

test('a transaction that records nothing tells nobody', (t) => {
  const { store } = beginStore(t)
  store.onJournal(() => t.fail('nothing was recorded'))
  add(store, messageOf(1))
  t.end()
})

test('a reader has none of the methods that write', (t) => {
  const { store } = beginStore(t)
  const { read } = store
  const tables = [
    { reader: read.account, writer: AccountWriter },
    { reader: read.contacts, writer: ContactsWriter },
    { reader: read.inbox, writer: InboxWriter },
    { reader: read.journal, writer: JournalWriter },
    { reader: read.messages, writer: MessagesWriter },
    { reader: read.outbox, writer: OutboxWriter },
    { reader: read.peers, writer: PeersWriter },
    { reader: read.prekeys, writer: PrekeysWriter },
  ]
  const leaks = tables.flatMap(({ reader, writer }) =>
    Object.getOwnPropertyNames(writer.prototype).filter(
      (name) => name !== 'constructor' && name in reader,
    ),
  )
  t.same(leaks, [])
  t.end()
})

test('seqs of the journal rise by one and page on from any place', (t) => {
  const { store } = beginStore(t)
  store.transact((tx) => {
    tx.record({ type: 'contact.changed', account: ALICE })
    tx.record({ type: 'contact.changed', account: BOB })
    tx.record({ type: 'gap', detail: { count: 3, reason: 'quota' } })
  })
  t.match(store.read.journal.after(1, 10), [
    { seq: 2, account: BOB },
    { seq: 3, account: null, detail: { count: 3, reason: 'quota' } },
  ])
  t.match(store.read.journal.after(0, 1), [{ seq: 1 }])
  t.end()
})

test('a consumer that was never heard of has no cursor, and a cursor never goes back', (t) => {
  const { store } = beginStore(t)
  const move = (seq: number) =>
    store.transact((tx) => {
      tx.journal.moveCursor('default', seq, 0)
    })
  t.equal(store.read.journal.cursor('default'), undefined)
  move(5)
  move(3)
  t.equal(store.read.journal.cursor('default'), 5)
  t.equal(store.read.journal.cursor('another'), undefined)
  t.end()
})

test('the quarantine keeps the latest thousand', (t) => {
  const { store } = beginStore(t)
  const envelope = { epoch: 1, arrivalMs: 1, account: null, device: null, reason: 'outer' }
  const unasked = { digest: null, askedMs: null }
  store.transact((tx) => {
    for (let seq = 1; seq <= QUARANTINE_MAX + 5; seq++)
      tx.inbox.quarantine({ ...envelope, ...unasked, seq, body: new Uint8Array(1) })
  })
  t.equal(store.read.inbox.quarantinedCount(), QUARANTINE_MAX)
  t.end()
})

test('a send key answers with what was sent under it, and cannot be given twice', (t) => {
  const { store } = beginStore(t)
  const send = { contentHash: new Uint8Array(32).fill(1), messages: '["m"]' }
  const remember = (messages: string) =>
    store.transact((tx) => {
      tx.outbox.rememberSend('deploy', { ...send, messages }, 1_000)
    })
  remember('["m"]')
  t.match(store.read.outbox.sendKey('deploy'), { messages: '["m"]' })
  t.equal(store.read.outbox.sendKey('another'), undefined)
  t.end()
})

test('what a process commits and leaves in the log is there for the next one, as after a crash', (t) => {
  const { store, path } = beginStore(t)
  add(store, messageOf(1), messageOf(2))
  store.leave()
  const copy = join(temporaryFolder(t), 'store.db')
  for (const suffix of ['', '-wal']) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
  const next = Store.open({ path: copy, key: KEY, clock: new ManualClock() })
  t.teardown(() => next.close())
  t.match(next.read.messages.get(BOB, messageId(2)), { body: 'text 2' })
  t.equal(next.read.counts.all().messages, 2)
  t.end()
})

test('a log that has grown is moved into the database by whoever leaves it', (t) => {
  const path = join(temporaryFolder(t), 'store.db')
  const store = Store.open({ path, key: KEY, clock: new ManualClock() })
  const log = `${path}-wal`
  add(store, messageOf(1))
  store.leave()
  t.ok(existsSync(log), 'a short one stays')

  add(store, messageOf(2, { body: 'x'.repeat(WAL_LEFT_BYTES_MAX) }))
  t.ok(statSync(log).size > WAL_LEFT_BYTES_MAX)
  store.leave()
  t.notOk(existsSync(log))
  t.end()
})
