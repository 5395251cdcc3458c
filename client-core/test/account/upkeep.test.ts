import { ownBytes, PermissionError, UnavailableError, type wire } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { createInvite, revokeInvite } from '../../src/account/invites.js'
import { usernameHash } from '../../src/account/username-hash.js'
import { forgetOld, upkeep, type UpkeepDoor } from '../../src/account/upkeep.js'
import type { PrekeyLevels } from '../../src/account/prekeys.js'
import type { PrekeyStockInit, PublishInvitesInit } from '../../src/net/requests.js'
import type { Ready } from '../../src/net/identified-door.js'
import { ManualClock } from '../net/manual-clock.js'
import { Authority, crashAt, NOW_MS, Person } from '../support/world.js'

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS
const FULL: PrekeyLevels = { oneTimeEc: 100, oneTimeKyber: 100 }
const EMPTY: PrekeyLevels = { oneTimeEc: 0, oneTimeKyber: 0 }

/** The relay's side of upkeep: what it was given, and how often it was asked for a certificate. */
class Registry implements UpkeepDoor {
  readonly stocks: PrekeyStockInit[] = []
  readonly accessKeys: Uint8Array[] = []
  readonly usernames: Uint8Array[] = []
  readonly invites: PublishInvitesInit[] = []
  taken = false
  drawn = 0
  online = true
  certificate: () => Uint8Array

  constructor(person: Person) {
    this.certificate = () => person.authority.certificate(person.core.own).certificate
  }

  async publishPrekeys(stock: PrekeyStockInit): Promise<wire.PrekeyCounts> {
    if (!this.online) throw new UnavailableError('relay/unreachable', 'gone')
    this.stocks.push(stock)
    return ready(1, FULL).prekeys
  }

  async setAccessKey({ current }: { readonly current: Uint8Array }): Promise<void> {
    if (!this.online) throw new UnavailableError('relay/unreachable', 'gone')
    this.accessKeys.push(current)
  }

  async setUsername({ hash }: { readonly hash: Uint8Array }): Promise<void> {
    if (!this.online) throw new UnavailableError('relay/unreachable', 'gone')
    this.usernames.push(hash)
    if (this.taken) throw new PermissionError('username/taken', 'another account has it')
  }

  async publishInvites(invites: PublishInvitesInit): Promise<void> {
    if (!this.online) throw new UnavailableError('relay/unreachable', 'gone')
    this.invites.push(invites)
  }

  async drawCertificate(): Promise<wire.Certificate> {
    this.drawn += 1
    const certificate = ownBytes(this.certificate())
    return { $typeName: 'sotto.v1.Certificate', certificate, expiresMs: 0n }
  }
}

function ready(epoch: number, levels: PrekeyLevels): Ready {
  const prekeys = { $typeName: 'sotto.v1.PrekeyCounts', ...levels, lastResortUsed: false } as const
  return { epoch, prekeys, relayTimeMs: NOW_MS, skewMs: 0 }
}

function begin(t: Test) {
  const clock = new ManualClock(NOW_MS)
  const person = new Person(t, new Authority(), 'alice', { ports: { clock } })
  return { clock, person, registry: new Registry(person) }
}

/** The ids of the one-time prekeys in a publication: the first and how many. */
function ecOf(stock: PrekeyStockInit | undefined) {
  return { first: stock?.oneTimeEc?.[0]?.id, count: stock?.oneTimeEc?.length }
}

function gapsOf(person: Person): number {
  return person.core.store.read.journal.after(0, 100).filter(({ type }) => type === 'gap').length
}

test('the first time, everything is published, a certificate is drawn, and nothing counts as restored', async (t) => {
  const { person, registry } = begin(t)
  await upkeep(person.core, registry, ready(1, EMPTY))
  t.match(registry.stocks, [{ replace: false, signed: { id: 1 }, lastResort: { id: 1 } }])
  t.same(ecOf(registry.stocks[0]), { first: 1, count: 100 })
  t.equal(registry.drawn, 1)
  t.equal(gapsOf(person), 0)
})

test('a relay that has everything is told nothing, and asked for a certificate once a day', async (t) => {
  const { clock, person, registry } = begin(t)
  await upkeep(person.core, registry, ready(1, EMPTY))
  clock.advance(24 * HOUR_MS)
  await upkeep(person.core, registry, ready(1, FULL))
  t.equal(registry.drawn, 1)
  clock.advance(1)
  await upkeep(person.core, registry, ready(1, FULL))
  t.equal(registry.drawn, 2)
  t.equal(registry.stocks.length, 1)
})

test('keys are on disk before the relay hears of them', async (t) => {
  const { person, registry } = begin(t)
  const survivorOf = crashAt(t, person, 'prekeys.stored')
  await upkeep(person.core, registry, ready(1, EMPTY))
  const survivor = survivorOf()
  const again = new Registry(survivor)
  await upkeep(survivor.core, again, ready(1, EMPTY))
  t.same(again.stocks, registry.stocks)
})

test('dead before it is noted that the relay has them, the same keys are published again', async (t) => {
  const { person, registry } = begin(t)
  const survivorOf = crashAt(t, person, 'prekeys.published')
  await upkeep(person.core, registry, ready(1, EMPTY))
  const survivor = survivorOf()
  const again = new Registry(survivor)
  await upkeep(survivor.core, again, ready(1, FULL))
  t.same(again.stocks, registry.stocks)
})

test('a relay restored from a backup gets new one-time keys in place of all it had', async (t) => {
  const { person, registry } = begin(t)
  await upkeep(person.core, registry, ready(1, EMPTY))
  await upkeep(person.core, registry, ready(2, FULL))
  t.match(registry.stocks[1], { replace: true })
  t.same(ecOf(registry.stocks[1]), { first: 101, count: 100 })
  t.equal(person.core.store.read.prekeys.ec(1), undefined)
  t.equal(gapsOf(person), 1)
  t.equal(person.core.store.read.inbox.cursor(), undefined)
})

test('once replaced, keys are only added', async (t) => {
  const { person, registry } = begin(t)
  await upkeep(person.core, registry, ready(1, EMPTY))
  await upkeep(person.core, registry, ready(2, FULL))
  await upkeep(person.core, registry, ready(2, EMPTY))
  t.match(registry.stocks[2], { replace: false })
  t.equal(gapsOf(person), 1)
})

test('a restored relay that is lost before it has new keys gets them the next time', async (t) => {
  const { person, registry } = begin(t)
  await upkeep(person.core, registry, ready(1, EMPTY))
  registry.online = false
  await t.rejects(upkeep(person.core, registry, ready(2, FULL)), { code: 'relay/unreachable' })
  registry.online = true
  await upkeep(person.core, registry, ready(2, FULL))
  t.match(registry.stocks[1], { replace: true })
  t.same(ecOf(registry.stocks[1]), { first: 101, count: 100 })
  t.equal(gapsOf(person), 1)
})

test('a restored relay is recognised also when its envelopes come before upkeep', async (t) => {
  const { person, registry } = begin(t)
  await upkeep(person.core, registry, ready(1, EMPTY))
  person.core.store.transact((tx) => {
    tx.inbox.moveCursor({ epoch: 2, seq: 3 })
  })
  await upkeep(person.core, registry, ready(2, FULL))
  t.match(registry.stocks[1], { replace: true })
  t.same(person.core.store.read.inbox.cursor(), { epoch: 2, seq: 3 })
})

test('a wrong local clock forgets no key: only the relay’s time counts', async (t) => {
  const { clock, person, registry } = begin(t)
  let relayMs = NOW_MS
  const core = { ...person.core, relayNowMs: () => relayMs }
  relayMs += 3 * DAY_MS
  clock.advance(3 * DAY_MS)
  await upkeep(core, registry, ready(1, EMPTY)) // The first signed prekey retires.
  clock.jump(365 * DAY_MS)
  await upkeep(core, registry, ready(1, FULL))
  t.match(registry.stocks[0], { signed: { id: 2 } })
  t.not(core.store.read.prekeys.signed(1), undefined)
})

test('a certificate for somebody else is refused, and the one we have stays', async (t) => {
  const { clock, person, registry } = begin(t)
  await upkeep(person.core, registry, ready(1, EMPTY))
  const mallory = new Person(t, person.authority, 'mallory')
  registry.certificate = () => person.authority.certificate(mallory.core.own).certificate
  clock.advance(25 * HOUR_MS)
  const before = person.core.store.read.account.certificate()
  await t.rejects(upkeep(person.core, registry, ready(1, FULL)), { code: 'wire/unexpected' })
  t.same(person.core.store.read.account.certificate(), before)
})

test('a certificate by another root is refused', async (t) => {
  const { person, registry } = begin(t)
  registry.certificate = () => new Authority().certificate(person.core.own).certificate
  await t.rejects(upkeep(person.core, registry, ready(1, EMPTY)), { code: 'wire/unexpected' })
})

test('what is no certificate is refused', async (t) => {
  const { person, registry } = begin(t)
  registry.certificate = () => new Uint8Array(7)
  await t.rejects(upkeep(person.core, registry, ready(1, EMPTY)), { code: 'wire/unexpected' })
})

test('a certificate ends when it says itself, whatever the relay says beside it', async (t) => {
  const { person, registry } = begin(t)
  await upkeep(person.core, registry, ready(1, EMPTY))
  t.equal(person.core.store.read.account.certificate()?.expiresMs, NOW_MS + 48 * HOUR_MS)
})

test('a send key is remembered for thirty days and then forgotten', async (t) => {
  const { clock, person, registry } = begin(t)
  person.core.store.transact((tx) => {
    const send = { contentHash: new Uint8Array(32), messages: '[]' }
    tx.outbox.rememberSend('deploy-4312', send, NOW_MS)
  })
  clock.advance(30 * DAY_MS)
  await upkeep(person.core, registry, ready(1, EMPTY))
  t.not(person.core.store.read.outbox.sendKey('deploy-4312'), undefined)
  clock.advance(1)
  await upkeep(person.core, registry, ready(1, FULL))
  t.equal(person.core.store.read.outbox.sendKey('deploy-4312'), undefined)
})

test('a relay restored from a backup is given the access key that holds, and the next one after it', async (t) => {
  const { person, registry } = begin(t)
  await upkeep(person.core, registry, ready(1, EMPTY))
  const { accessKey } = person.core.account
  person.core.store.transact((tx) => {
    tx.account.setPendingAccessKey(new Uint8Array(16).fill(7))
  })
  await upkeep(person.core, registry, ready(2, FULL))
  t.same(registry.accessKeys, [accessKey, new Uint8Array(16).fill(7)])
})

test('a relay restored from a backup is given the username again, and no other relay is', async (t) => {
  const { person, registry } = begin(t)
  await upkeep(person.core, registry, ready(1, EMPTY))
  t.same(registry.usernames, [])
  await upkeep(person.core, registry, ready(2, FULL))
  await upkeep(person.core, registry, ready(2, FULL))
  t.same(registry.usernames, [usernameHash('alice.42')])
})

test('a username that a restored relay gave to others is told and kept, and upkeep goes on', async (t) => {
  const { person, registry } = begin(t)
  const told: string[] = []
  const log = { ...person.core.ports.log, warn: (event: string) => told.push(event) }
  const core = { ...person.core, ports: { ...person.core.ports, log } }
  await upkeep(core, registry, ready(1, EMPTY))
  registry.taken = true
  await upkeep(core, registry, ready(2, FULL))
  t.ok(told.includes('username.taken'))
  t.equal(core.account.username, 'alice.42')
  t.equal(core.store.read.account.relayEpoch()?.prekeysReplaced, true)
  await upkeep(core, registry, ready(2, FULL))
  t.equal(registry.usernames.length, 1)
})

test('what was sent and what was opened is remembered for a while by the relay’s clock, not for ever', async (t) => {
  const { clock, person, registry } = begin(t)
  const digest = new Uint8Array(32)
  person.core.store.transact((tx) => {
    const content = new Uint8Array(1)
    const recipient = person.id
    tx.sent.add(
      { recipient, kind: 'text', content, message: null, target: null, acceptedMs: NOW_MS },
      [],
    )
    tx.inbox.noteOpened(digest, NOW_MS)
  })
  const { read } = person.core.store
  clock.advance(6 * DAY_MS)
  await upkeep(person.core, registry, ready(1, FULL))
  t.same([read.sent.count(), read.inbox.wasOpened(digest)], [1, true])
  clock.advance(2 * DAY_MS)
  await upkeep(person.core, registry, ready(1, FULL))
  t.same([read.sent.count(), read.inbox.wasOpened(digest)], [0, true])
  clock.advance(60 * DAY_MS)
  await upkeep(person.core, registry, ready(1, FULL))
  t.notOk(read.inbox.wasOpened(digest))
})

test('a relay whose clock runs ahead makes no key of a send forgotten', async (t) => {
  const clock = new ManualClock(NOW_MS)
  const relayNowMs = () => clock.nowMs() + 365 * DAY_MS
  const person = new Person(t, new Authority(), 'alice', { ports: { clock }, relayNowMs })
  const { store } = person.core
  const remembered = { contentHash: new Uint8Array(32), messages: '[]' }
  store.transact((tx) => {
    tx.outbox.rememberSend('order-1', remembered, clock.nowMs())
    tx.inbox.noteOpened(new Uint8Array(32), clock.nowMs())
  })
  forgetOld(person.core)
  t.match(store.read.outbox.sendKey('order-1'), { messages: '[]' })
  t.ok(store.read.inbox.wasOpened(new Uint8Array(32)))
})

test('a certificate that ends beyond every calendar is not kept', async (t) => {
  const { person, registry } = begin(t)
  const endless = 2 ** 53 - 1
  registry.certificate = () => person.authority.certificate(person.core.own, endless).certificate
  await t.rejects(upkeep(person.core, registry, ready(1, FULL)), { code: 'wire/unexpected' })
  t.equal(person.core.store.read.account.certificate(), undefined)
})

/** How many invites the relay was told of, each time that it was. */
function toldOf({ invites }: Registry): readonly (number | undefined)[] {
  return invites.map((each) => each.invites?.length)
}

test('the relay is told of invites once, and again when something about them changes', async (t) => {
  const { clock, person, registry } = begin(t)
  const { core } = person
  const go = () => upkeep(core, registry, ready(1, FULL))

  await go()
  const first = createInvite(core, {})
  createInvite(core, { uses: 0, lifetimeMs: 2 * DAY_MS })
  await go()
  await go()
  revokeInvite(core, first.id)
  await go()
  clock.advance(3 * DAY_MS)
  await go()
  await go()

  t.same(toldOf(registry), [2, 1, 0], 'none, both, the one that was not revoked, none any more')
  const [both] = registry.invites
  t.same(
    new Map(both?.invites?.map(({ usesLeft, expiresDay }) => [usesLeft, expiresDay])),
    new Map([
      [1, Math.floor(NOW_MS / DAY_MS) + 7],
      [0, Math.floor(NOW_MS / DAY_MS) + 2],
    ]),
  )
})

test('a relay that was restored is told of all invites again', async (t) => {
  const { person, registry } = begin(t)
  createInvite(person.core, {})
  await upkeep(person.core, registry, ready(1, FULL))
  await upkeep(person.core, registry, ready(2, FULL))

  t.same(toldOf(registry), [1, 1])
})

test('dead before it is on disk that the relay has the invites, it is told once more', async (t) => {
  const { person, registry } = begin(t)
  createInvite(person.core, {})
  const survivorOf = crashAt(t, person, 'invites.published')
  await upkeep(person.core, registry, ready(1, FULL))
  const survivor = survivorOf()

  await upkeep(survivor.core, registry, ready(1, FULL))
  await upkeep(survivor.core, registry, ready(1, FULL))

  const [first, second, ...more] = registry.invites
  t.same(second, first)
  t.same(more, [])
})
