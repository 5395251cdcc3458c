import t from 'tap'
import { wire } from '@sotto/protocol'
import type { Operation, Store } from '../../src/store/port.js'
import { postRegistration, TestAccount } from '../harness/test-account.js'
import { testFolder, testRelay } from '../harness/test-relay.js'

const { ErrorCode } = wire
const HOUR_MS = 3_600_000
const INVITE = { registration: 'invite' } as const

type InviteRelay = Awaited<ReturnType<typeof testRelay>>

/** Registers somebody new with a code; the error's code, or `ok`. */
async function join(relay: InviteRelay, code: string, who = new TestAccount(relay.rootKey)) {
  const answer = await postRegistration(relay.url, { ...who.registration(), code })
  return 'error' in answer ? answer.error.code : 'ok'
}

function makeCode(relay: InviteRelay, uses: number): Promise<string> {
  return relay.createSignupCode({ uses, expiresMs: relay.clock.nowMs() + HOUR_MS })
}

t.test('a relay by invitation says so, and makes no account without a code', async (t) => {
  const relay = await testRelay(t, INVITE)
  const response = await fetch(`${relay.url}/v1/parameters`)

  const said = Buffer.from(await response.arrayBuffer()).toString('latin1')

  t.match(said, /invite/)
  t.equal(await join(relay, ''), ErrorCode.REGISTRATION_CLOSED)
})

t.test('a code makes as many accounts as it has uses, however it is typed', async (t) => {
  const relay = await testRelay(t, INVITE)
  const code = await makeCode(relay, 2)

  t.match(code, /^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/)
  t.equal(await join(relay, code), 'ok')
  t.equal(await join(relay, ` ${code.toLowerCase().replaceAll('-', ' ')} `), 'ok')
  t.equal(await join(relay, code), ErrorCode.CODE_USED_UP)
})

t.test('a code that nobody made, or that is none, is unknown', async (t) => {
  const relay = await testRelay(t, INVITE)
  await makeCode(relay, 1)

  t.equal(await join(relay, '00000-00000-00000-00000'), ErrorCode.CODE_UNKNOWN)
  t.equal(await join(relay, 'let me in'), ErrorCode.CODE_UNKNOWN)
})

t.test('a code expires, is told apart for a month, and is forgotten then', async (t) => {
  const relay = await testRelay(t, INVITE)
  const code = await makeCode(relay, 1)

  relay.clock.advance(HOUR_MS)
  t.equal(await join(relay, code), ErrorCode.CODE_EXPIRED)
  await relay.sweep()
  t.equal(await join(relay, code), ErrorCode.CODE_EXPIRED)
  relay.clock.advance(31 * 24 * HOUR_MS)
  await relay.sweep()
  t.equal(await join(relay, code), ErrorCode.CODE_UNKNOWN)
})

t.test('what makes no account spends nothing of a code', async (t) => {
  const relay = await testRelay(t, INVITE)
  const code = await makeCode(relay, 2)
  const post = async (who: TestAccount, username: string) =>
    (await postRegistration(relay.url, { ...who.registration({ username }), code })).status

  t.equal(await post(new TestAccount(relay.rootKey), 'carol.77'), 200)
  t.equal(await post(new TestAccount(relay.rootKey), 'carol.77'), 409, 'the name is taken')
  t.equal(await post(new TestAccount(relay.rootKey), 'carol.78'), 200)
})

t.test('a code is good at a relay that is open, too, and stays whole there', async (t) => {
  const folder = testFolder(t)
  const open = await testRelay(t, { folder })
  const code = await makeCode(open, 1)
  t.equal(await join(open, code), 'ok')
  await open.close()
  const closed = await testRelay(t, { ...INVITE, folder })

  t.equal(await join(closed, code), 'ok')
})

t.test('a registration whose answer was lost with the relay spends one use, not two', async (t) => {
  const folder = testFolder(t)
  const dying = await testRelay(t, { ...INVITE, folder, wrapStore: silentAfterRegistering })
  const code = await makeCode(dying, 1)
  const who = new TestAccount(dying.rootKey)
  const request = { ...who.registration(), code }
  const lost = await postRegistration(dying.url, request)
  await dying.close()
  t.equal(lost.status, 503, 'nobody heard of the commit')

  const relay = await testRelay(t, { ...INVITE, folder })
  const again = await postRegistration(relay.url, request)

  t.equal(again.status, 200, 'the account was made, and its code is spent by it')
  t.equal(await join(relay, code), ErrorCode.CODE_USED_UP)
})

/** A store that commits a registration and never says so, as where the process dies just then. */
function silentAfterRegistering(store: Store): Store {
  return {
    ...bound(store),
    apply: async (operations: readonly Operation[], later) => {
      const outcomes = await store.apply(operations, later)
      if (!operations.some(({ name }) => name === 'register')) return outcomes
      throw new Error('the process has died')
    },
  }
}

function bound(store: Store): Store {
  return {
    epoch: () => store.epoch(),
    findRoute: (route) => store.findRoute(route),
    findAccount: (account) => store.findAccount(account),
    findDevice: (device) => store.findDevice(device),
    findUsername: (hash) => store.findUsername(hash),
    countPrekeys: (device) => store.countPrekeys(device),
    findMailbox: (mailbox) => store.findMailbox(mailbox),
    listWaiting: (query) => store.listWaiting(query),
    listMailboxes: (query) => store.listMailboxes(query),
    reusableBytes: () => store.reusableBytes(),
    findSomeAccount: () => store.findSomeAccount(),
    grantsInvite: (spending) => store.grantsInvite(spending),
    listDevices: (query) => store.listDevices(query),
    apply: (operations, later) => store.apply(operations, later),
    close: () => store.close(),
  }
}
