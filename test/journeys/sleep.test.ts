import { setTimeout as wait } from 'node:timers/promises'
import { test } from 'tap'
import { makePerson, startRelay, startSotto, succeed, tempDir } from '../harness/index.js'
import { startProxy } from '../harness/cuttable-proxy.js'

/** As long as a sleep has to be to be noticed, and some seconds. */
const SLEEP_MS = 18_000

interface Line {
  readonly type: string
  readonly state?: string
  readonly message?: { readonly text: string }
}

test('after a sleep in which the connection died unheard, what came meanwhile is there within seconds', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const proxy = await startProxy(t, relay.port)
  const alice = await makePerson(relay, dir, 'alice')
  const bob = await makePerson(proxy, dir, 'bob')
  await succeed(alice.run(['contact', 'add', bob.handle]))
  await succeed(bob.run(['contact', 'add', alice.handle]))
  const following = startSotto(t, bob.home, ['receive', '--follow', '--json'])
  await succeed(alice.run(['send', bob.handle, 'good night']))
  await following.json<Line>(({ message }) => message?.text === 'good night')

  process.kill(following.pid, 'SIGSTOP')
  proxy.freeze()
  await succeed(alice.run(['send', bob.handle, 'good morning']))
  await wait(SLEEP_MS)
  process.kill(following.pid, 'SIGCONT')

  const woken = await following.json<Line>(({ message }) => message?.text === 'good morning')
  t.equal(woken.type, 'message.received')
})

test('after a sleep in which the relay was started anew, what came meanwhile is there', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const bob = await makePerson(relay, dir, 'bob')
  await succeed(alice.run(['contact', 'add', bob.handle]))
  await succeed(bob.run(['contact', 'add', alice.handle]))
  const following = startSotto(t, bob.home, ['receive', '--follow', '--json'])
  await succeed(alice.run(['send', bob.handle, 'good night']))
  await following.json<Line>(({ message }) => message?.text === 'good night')

  process.kill(following.pid, 'SIGSTOP')
  await relay.stop()
  await startRelay(t, { dir, port: relay.port })
  await succeed(alice.run(['send', bob.handle, 'good morning']))
  process.kill(following.pid, 'SIGCONT')

  const woken = await following.json<Line>(({ message }) => message?.text === 'good morning')
  t.equal(woken.type, 'message.received')
})
