import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { eventId, parseAccountId, UsageError } from '@sotto/protocol'
import { test, type Test } from 'tap'
import { knock, type RemoteClient } from '../../src/daemon/remote-client.js'
import { notificationLine, OwnerLeft, RPC } from '../../src/daemon/rpc.js'
import type { Asker, Served } from '../../src/daemon/served.js'
import { OwnerServer } from '../../src/daemon/server.js'
import type { EventObject } from '../../src/objects.js'
import { until } from '../support/desk.js'

const ACCOUNT = {
  id: parseAccountId('0199aaaa-bbbb-8ccc-9ddd-eeeeffff0000'),
  ...{ username: 'alice.42', device: 1, relay: 'http://127.0.0.1:1' },
}

/** An account that answers what a test says: `echo`, `wait` for ever, `work` until told, `wrong`. */
class Account implements Served {
  readonly listeners = new Set<(event: EventObject) => void>()
  readonly askers: Asker[] = []
  finishWork: () => void = () => undefined
  seq = 0
  woken = 0
  hellos = 0

  hello = () => {
    this.hellos += 1
    return { v: 1 as const, account: ACCOUNT, command: 'receive', pid: 7, version: '0' }
  }
  isMethod = (name: string) => ['echo', 'wait', 'work', 'wrong'].includes(name)
  isWait = (name: string) => name === 'wait'
  newestSeq = () => this.seq
  wake = () => {
    this.woken += 1
  }
  subscribe = (listener: (event: EventObject) => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  ask = async (method: string, params: unknown, asker: Asker): Promise<unknown> => {
    this.askers.push(asker)
    if (method === 'wrong') throw new UsageError('usage/invalid', 'wrong')
    if (method === 'wait') return new Promise(() => undefined)
    if (method === 'work') await new Promise<void>((resolve) => (this.finishWork = resolve))
    return params
  }

  tell(): void {
    this.seq += 1
    const common = { id: eventId(new Uint8Array(8), this.seq), ts: '', account: 'alice.42' }
    const event: EventObject = { ...common, seq: this.seq, type: 'gap', count: 1, reason: 'quota' }
    for (const listener of this.listeners) listener(event)
  }
}

async function serve(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-server-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const account = new Account()
  const path = join(folder, 'sotto', 'a.sock')
  const server = await OwnerServer.listen(account, [path])
  if (server === undefined) throw new Error('it does not listen')
  t.teardown(() => server.close())
  return { account, server, path }
}

async function clientAt(t: Test, path: string): Promise<RemoteClient> {
  const answer = await knock(path)
  if (answer.kind !== 'open') throw new Error(`nobody answers: ${answer.kind}`)
  t.teardown(() => answer.client.close())
  return answer.client
}

/** Asks as the methods of the test account want it, past the types of the real ones. */
function ask(client: RemoteClient, method: string, params: unknown = {}): Promise<unknown> {
  return client.call(method as 'account.current', params as Record<string, never>)
}

/** A connection that says whatever a test writes. */
async function rawAt(t: Test, path: string) {
  const socket: Socket = connect(path)
  t.teardown(() => socket.destroy())
  const lines: string[] = []
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined)
  createInterface({ input: socket }).on('line', (line) => lines.push(line))
  await until(() => lines.length === 1, 'the hello')
  const answer = async (count: number) => {
    await until(() => lines.length > count, 'an answer')
    return JSON.parse(lines[count] ?? '') as object
  }
  return { socket, lines, closed, answer }
}

test('the socket is for this user alone, and what an earlier owner left is no obstacle', async (t) => {
  const { path, account } = await serve(t)
  t.equal(lstatSync(path).mode & 0o777, 0o600)
  const stale = join(path, '..', 'stale.sock')
  writeFileSync(stale, 'something')
  const server = await OwnerServer.listen(account, [stale])
  t.teardown(() => server?.close())
  t.ok(lstatSync(stale).isSocket())
})

test('a place that cannot be used is passed over; without any there is no server', async (t) => {
  const { path, account } = await serve(t)
  const other = join(path, '..', 'b.sock')
  const server = await OwnerServer.listen(account, ['/nowhere/at/all/a.sock', other])
  t.equal(server?.path, other)
  await server?.close()
  t.equal(await OwnerServer.listen(account, ['/nowhere/at/all/a.sock']), undefined)
})

test('an owner says who it is, and answers many calls at a time', async (t) => {
  const { path, account } = await serve(t)
  const client = await clientAt(t, path)
  const slow = ask(client, 'work', { n: 1 })
  const quick = await Promise.all([ask(client, 'echo', { n: 2 }), ask(client, 'echo', { n: 3 })])
  account.finishWork()

  t.match(client, { account: ACCOUNT, remote: true, owner: { command: 'receive', pid: 7 } })
  t.same(quick, [{ n: 2 }, { n: 3 }])
  t.same(await slow, { n: 1 })
})

test('an owner that says nothing is given up after what the call may take, if it has a bound', async (t) => {
  const { path } = await serve(t)
  const client = await clientAt(t, path)
  client.setPatience(0)
  const longer = ask(client, 'wait', { timeoutMs: 2_000 }).catch((thrown: unknown) => thrown)

  const given = await ask(client, 'wait').catch((thrown: unknown) => thrown)
  t.match(given, { code: 'account/busy', message: /receive \(process 7\).* for 1 s/ })
  t.match(await longer, { code: 'account/busy', message: /for 3 s/ })
})

test('without a bound an owner is waited for as long as it runs', async (t) => {
  const { path, account } = await serve(t)
  const knocked = await knock(path, undefined, 1)
  if (knocked.kind !== 'open') throw new Error(`nobody answers: ${knocked.kind}`)
  const { client } = knocked
  const looks = account.hellos
  const patient = ask(client, 'wait').catch((thrown: unknown) => thrown)

  await until(() => account.hellos > looks + 2, 'looks for the owner')
  await client.close()

  t.type(await patient, OwnerLeft)
})

test('without a bound an owner that listens and does not run is given up', async (t) => {
  const path = join(mkdtempSync(join(tmpdir(), 'sotto-stopped-')), 'a.sock')
  t.teardown(() => rmSync(dirname(path), { recursive: true, force: true }))
  const sockets: Socket[] = []
  const stopped = createServer((socket) => {
    // Like a process that is stopped after its first greeting: the system still takes connections.
    if (sockets.push(socket) === 1) socket.write(notificationLine('hello', new Account().hello()))
  })
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    stopped.close()
  })
  await new Promise<void>((resolve) => stopped.listen(path, resolve))
  const knocked = await knock(path, undefined, 1)
  if (knocked.kind !== 'open') throw new Error(`nobody answers: ${knocked.kind}`)

  const given = await ask(knocked.client, 'wait').catch((thrown: unknown) => thrown)

  t.match(given, { code: 'account/busy', message: /receive \(process 7\).* has not answered/ })
})

test('an owner that says anything is not silent', async (t) => {
  const { path, account } = await serve(t)
  const client = await clientAt(t, path)
  const unsubscribe = client.subscribe(() => undefined)
  await client.subscribedAt()
  const bounded = await clientAt(t, path)
  client.setPatience(0)
  bounded.setPatience(0)
  let told = 0
  const telling = setInterval(() => {
    account.tell()
    if (++told === 15) account.finishWork()
  }, 100)
  t.teardown(() => clearInterval(telling))

  const silent = ask(bounded, 'wait').catch((thrown: unknown) => thrown)
  const worked = await ask(client, 'work', { n: 1 })

  t.same(worked, { n: 1 })
  t.match(await silent, { code: 'account/busy' })
  unsubscribe()
})

test('garbage is answered with what is wrong with it, and costs nobody anything', async (t) => {
  const { path } = await serve(t)
  const { socket, lines, answer } = await rawAt(t, path)
  socket.write('garbage\n{"jsonrpc":"2.0","id":1,"method":"nothing"}\n')
  socket.write(
    '{"jsonrpc":"2.0","id":2,"method":"wrong"}\n{"jsonrpc":"2.0","id":3,"method":"echo"}\n',
  )

  await answer(4)
  const answers = lines.slice(1).map((line) => JSON.parse(line) as { readonly id: number | null })
  t.match(
    answers.sort((one, other) => Number(one.id) - Number(other.id)),
    [
      { id: null, error: { code: RPC.parseError } },
      { id: 1, error: { code: RPC.methodNotFound } },
      { id: 2, error: { code: RPC.invalidParams, data: { exit: 64 } } },
      { id: 3, result: {} },
    ],
  )
})

test('a line without an end costs its writer the connection, and nobody else', async (t) => {
  const { path } = await serve(t)
  const client = await clientAt(t, path)
  const { socket, answer, closed } = await rawAt(t, path)
  socket.write('x'.repeat(5 * 1024 * 1024))

  t.match(await answer(1), { error: { code: RPC.invalidRequest } })
  await closed
  t.same(await ask(client, 'echo', { n: 1 }), { n: 1 })
})

test('a request that ends half way is never begun', async (t) => {
  const { path, account } = await serve(t)
  const { socket, closed } = await rawAt(t, path)
  socket.write('{"jsonrpc":"2.0","id":1,"method":"ec')
  socket.end()
  await closed
  t.same(account.askers, [])
})

test('of requests without an answer there are 256 at a time', async (t) => {
  const { path } = await serve(t)
  const client = await clientAt(t, path)
  for (let n = 0; n < 256; n++) ask(client, 'wait').catch(() => undefined)
  await t.rejects(ask(client, 'echo'), { code: 'account/busy' })
})

test('a 65th connection is closed, and one of the others makes room for it', async (t) => {
  const { path } = await serve(t)
  const clients = await Promise.all(Array.from({ length: 64 }, () => clientAt(t, path)))
  t.equal((await knock(path)).kind, 'nobody')
  await clients[0]?.close()
  let kind = 'nobody'
  while (kind === 'nobody') {
    const answer = await knock(path)
    kind = answer.kind
    if (answer.kind === 'open') await answer.client.close()
  }
  t.equal(kind, 'open')
})

test('events are told to those who subscribed, from where the answer says', async (t) => {
  const { path, account } = await serve(t)
  account.seq = 41
  const client = await clientAt(t, path)
  const deaf = await clientAt(t, path)
  const heard: unknown[] = []
  const unsubscribe = client.subscribe(({ seq }) => heard.push(seq))
  t.equal(await client.subscribedAt(), 41)
  account.tell()
  await ask(deaf, 'echo')
  await until(() => heard.length === 1)
  unsubscribe()
  await ask(client, 'echo')
  account.tell()
  await ask(client, 'echo')

  t.same(heard, [42])
  t.equal(account.listeners.size, 0, 'what nobody hears is not told')
})

test('a reader that does not read is cut off; the owner keeps little, and others hear all', async (t) => {
  const { path, account } = await serve(t)
  const { socket, closed, answer } = await rawAt(t, path)
  socket.write('{"jsonrpc":"2.0","id":1,"method":"events.subscribe"}\n')
  await answer(1)
  const client = await clientAt(t, path)
  let heard = 0
  client.subscribe(() => (heard += 1))
  await client.subscribedAt()
  socket.pause()

  const events = 30_000
  for (let told = 0; told < events; told += 100) {
    for (let n = 0; n < 100; n++) account.tell()
    await ask(client, 'echo')
  }
  t.equal(heard, events)
  socket.resume()
  await closed
  t.pass('the one that did not read was cut off')
})

test('when somebody leaves, what waits for them is told so', async (t) => {
  const { path, account } = await serve(t)
  const client = await clientAt(t, path)
  const waiting = ask(client, 'wait')
  waiting.catch(() => undefined)
  await ask(client, 'echo')
  await client.close()
  await until(() => account.woken > 0)

  t.ok(account.askers[0]?.left)
  await t.rejects(waiting, OwnerLeft)
})

test('an owner that leaves finishes work, lets nobody wait for the world, and begins nothing', async (t) => {
  const { path, account, server } = await serve(t)
  const client = await clientAt(t, path)
  const work = ask(client, 'work', { n: 1 })
  const wait = ask(client, 'wait')
  await ask(client, 'echo')
  const closing = server.close()

  await t.rejects(wait, OwnerLeft)
  await t.rejects(ask(client, 'echo'), OwnerLeft)
  t.equal((await knock(path)).kind, 'nobody')
  account.finishWork()
  t.same(await work, { n: 1 })
  await closing
  await t.rejects(ask(client, 'echo'), OwnerLeft)
})

test('work that does not end is left to the next owner', async (t) => {
  const { path, server } = await serve(t)
  const client = await clientAt(t, path)
  const work = ask(client, 'work')
  work.catch(() => undefined)
  await ask(client, 'echo')
  await server.close()
  await t.rejects(work, OwnerLeft)
})
