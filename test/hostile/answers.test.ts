import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { wire } from '@sotto/protocol'
import { test } from 'tap'
import type { WebSocket } from 'ws'

import { startSotto, succeed } from '../harness/index.js'
import { attack } from './attack.js'
import type { RelayFrameInit, Tampering } from './passage.js'
import { beginFriends, beginStrangers, newsOf, textsOf } from './scene.js'

const YEAR_MS = 365 * 24 * 60 * 60_000

/** Never passes a connection on, and does this to each. */
function instead(work: (client: WebSocket, stream: Duplex) => void): Tampering {
  return {
    take: (client, stream) => {
      work(client, stream)
      return true
    },
  }
}

test(
  'a relay that takes connections and never says a word loses nothing and ends no command late',
  attack(
    {
      attack: 'Takes connections and never answers',
      achieves: 'withholding, for as long as it lasts',
      seen: 'the message stays queued, exit 79, and goes out once it answers; `receive` ends 69',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      relay.tampering = instead(() => undefined)
      const sent = await alice.run(['send', bob.handle, 'patience', '--timeout', '2s'])
      const received = await alice.run(['receive', '--drain', '--timeout', '2s'])
      relay.tampering = {}
      await newsOf(alice)

      const events = await newsOf(bob)

      t.equal(sent.code, 79)
      t.equal(received.code, 69)
      t.same(textsOf(events), ['patience'])
    },
  ),
)

test(
  'a relay that dribbles a frame byte by byte is given up, and loses nothing',
  attack(
    {
      attack: 'Begins a frame and sends it a byte at a time for ever',
      achieves: 'withholding, for as long as it lasts',
      seen: 'the message stays queued, exit 79, and goes out once it stops',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      relay.tampering = instead((client, socket) => {
        socket.write(Uint8Array.of(0x82, 0x7e, 0x40, 0x00)) // A frame of 16 KiB.
        const dribbling = setInterval(() => socket.write(Uint8Array.of(0)), 50)
        client.on('close', () => clearInterval(dribbling))
      })
      const sent = await alice.run(['send', bob.handle, 'patience', '--timeout', '2s'])
      relay.tampering = {}
      await newsOf(alice)

      const events = await newsOf(bob)

      t.equal(sent.code, 79)
      t.same(textsOf(events), ['patience'])
    },
  ),
)

const BAD_FRAMES: readonly (readonly [name: string, bytes: () => Uint8Array])[] = [
  ['what is no protobuf', () => Uint8Array.of(0x82, 0x04, 0xff, 0xff, 0xff, 0xff)],
  ['a frame of 2 MiB', () => Uint8Array.of(0x82, 0x7f, 0, 0, 0, 0, 0, 0x20, 0, 0)],
  ['a compressed frame', () => Uint8Array.of(0xc2, 0x02, 0x4a, 0x04)],
  ['a text frame', () => Uint8Array.of(0x81, 0x02, 0x68, 0x69)],
  ['what is no WebSocket frame', () => Uint8Array.of(0xff, 0xff, 0xff, 0xff)],
]

test(
  'garbage, oversized, compressed and text frames end the connection and nothing else',
  attack(
    {
      attack: 'Sends garbage, frames that are too large, compressed ones, text',
      achieves: 'withholding, for as long as it lasts',
      seen: 'the message stays queued, exit 79, and goes out once it stops',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      let next = 0
      const sentTo = new Set<string>()
      relay.tampering = instead((_client, stream) => {
        const [name, bytes] = BAD_FRAMES[next++ % BAD_FRAMES.length] ?? [
          '',
          () => new Uint8Array(0),
        ]
        sentTo.add(name)
        stream.write(bytes())
      })
      const following = startSotto(t, alice.home, ['receive', '--follow', '--json'])
      const sent = await bob.run(['send', alice.handle, 'through noise', '--timeout', '1s'])
      while (sentTo.size < BAD_FRAMES.length)
        await new Promise((resolve) => setTimeout(resolve, 50))
      relay.tampering = {}
      await newsOf(bob)

      const heard = await following.line((line) => line.includes('through noise'))

      t.equal(sent.code, 79)
      t.match(heard, /message\.received/)
    },
  ),
)

test(
  'a redirect is not followed',
  attack(
    {
      attack: 'Redirects to another server, by HTTP and at the WebSocket',
      achieves: 'withholding: nobody goes there',
      seen: 'exit 69; what is sent stays queued, exit 79',
    },
    async (t) => {
      const { relay, alice, bob } = await beginStrangers(t)
      let visits = 0
      const elsewhere = createServer((_request, response) => {
        visits += 1
        response.end()
      })
      elsewhere.on('upgrade', (_request, socket) => {
        visits += 1
        socket.destroy()
      })
      await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
      t.teardown(() => elsewhere.close())
      const location = `http://127.0.0.1:${String((elsewhere.address() as AddressInfo).port)}/`
      await succeed(alice.run(['contact', 'add', bob.handle]))
      relay.redirectTo = location

      const sent = await alice.run(['send', bob.handle, 'here', '--timeout', '2s'])
      const received = await alice.run(['receive', '--drain', '--timeout', '2s'])

      t.equal(sent.code, 79)
      t.equal(received.code, 69)
      t.equal(visits, 0)
    },
  ),
)

/** Changes the Hello of every connection. */
function hello(change: Partial<Pick<wire.Hello, 'versionMin' | 'versionMax'>>): Tampering {
  return {
    down: ({ kind }) => {
      if (kind.case !== 'hello') return undefined
      return [{ kind: { case: 'hello', value: { ...kind.value, ...change } } }]
    },
  }
}

test(
  'a relay that offers only other versions of the protocol is not spoken to',
  attack(
    {
      attack: 'Offers only an older version of the protocol, or only newer ones',
      achieves: 'withholding: there is nothing weaker to fall back to',
      seen: '`wire/version`, exit 76',
    },
    async (t) => {
      const { relay, alice } = await beginFriends(t)
      relay.tampering = hello({ versionMin: 0, versionMax: 0 })
      const older = await alice.run(['receive', '--drain', '--json'])
      relay.tampering = hello({ versionMin: 2, versionMax: 9 })

      const newer = await alice.run(['receive', '--drain', '--json'])

      t.match(older.error(), { code: 'wire/version', exit: 76 })
      t.match(newer.error(), { code: 'wire/version', exit: 76 })
    },
  ),
)

test(
  'a relay that is years ahead or behind ages nothing that is kept, and what is sent arrives',
  attack(
    {
      attack: 'Says that it is ten years later, and then forty years earlier',
      achieves: 'false times of arrival; keys are renewed early',
      seen: '`sotto doctor` says how far the clocks are apart; the messages arrive',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      relay.aheadMs = 10 * YEAR_MS
      await succeed(alice.run(['send', bob.handle, 'in ten years']))
      const later = await newsOf(bob)
      const examined = await alice.run(['doctor', '--json'])
      relay.aheadMs = -40 * YEAR_MS
      await succeed(alice.run(['send', bob.handle, 'forty years ago']))
      const earlier = await newsOf(bob)
      relay.aheadMs = 0
      await succeed(alice.run(['send', bob.handle, 'now']))

      const now = await newsOf(bob)

      t.same(textsOf(later), ['in ten years'])
      t.match(examined.stdout, /"name":"clock","status":"(warning|error)"/)
      t.same(textsOf(earlier), ['forty years ago'])
      t.same(textsOf(now), ['now'])
    },
  ),
)

/** Answers the challenge of every device with an error. */
function rejecting(code: wire.ErrorCode, retryAfterMs = 0): Tampering {
  return {
    down: ({ kind }): readonly RelayFrameInit[] | undefined =>
      kind.case === 'ready'
        ? [{ kind: { case: 'error', value: { code, retryAfterMs } } }]
        : undefined,
  }
}

test(
  'a relay that says that our device was removed erases nothing, and is not believed for good',
  attack(
    {
      attack: 'Says that our device is not one of the account’s any more',
      achieves: 'withholding, for as long as it lasts',
      seen: '`device/unlinked`, exit 84; nothing here is erased',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      relay.tampering = rejecting(wire.ErrorCode.UNAUTHENTICATED)
      const told = await alice.run(['receive', '--drain', '--json'])
      const kept = await succeed(alice.run(['history', bob.handle]))
      relay.tampering = {}
      await succeed(bob.run(['send', alice.handle, 'are you there?']))

      const events = await newsOf(alice)

      t.match(told.error(), { code: 'device/unlinked', exit: 84 })
      t.match(kept.stdout, /hello yourself/)
      t.same(textsOf(events), ['are you there?'])
    },
  ),
)

test(
  'a relay that says that the device is connected elsewhere withholds, and erases nothing',
  attack(
    {
      attack: 'Says that the same device has connected elsewhere',
      achieves: 'withholding, for as long as it lasts',
      seen: '`account/busy`, exit 83',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      relay.tampering = rejecting(wire.ErrorCode.REPLACED)
      const told = await alice.run(['receive', '--drain', '--json'])
      relay.tampering = {}
      await succeed(bob.run(['send', alice.handle, 'are you there?']))

      const events = await newsOf(alice)

      t.match(told.error(), { code: 'account/busy', exit: 83 })
      t.same(textsOf(events), ['are you there?'])
    },
  ),
)

test(
  'a relay that asks for weeks of rest delays no later command',
  attack(
    {
      attack: 'Asks for 49 days of rest, by an error and by announcing that it goes away',
      achieves: 'withholding, for a quarter of an hour at most',
      seen: 'exit 82, or exit 69; the next command tries again',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      const forever = 0xffffffff
      relay.tampering = rejecting(wire.ErrorCode.RATE_LIMITED, forever)
      const limited = await alice.run(['receive', '--drain', '--timeout', '2s'])
      relay.tampering = {
        down: ({ kind }) =>
          kind.case === 'ready'
            ? [{ kind: { case: 'drain', value: { afterMs: forever } } }]
            : undefined,
      }
      const drained = await alice.run(['receive', '--drain', '--timeout', '3s'])
      relay.tampering = {}
      await succeed(bob.run(['send', alice.handle, 'are you there?']))

      const events = await newsOf(alice)

      t.equal(limited.code, 82)
      t.equal(drained.code, 69)
      t.same(textsOf(events), ['are you there?'])
    },
  ),
)

test(
  'whoever is refused is told, and the message fails visibly',
  attack(
    {
      attack: 'Refuses what is sent to somebody',
      achieves: 'withholding',
      seen: '`relay/refused`; the message is shown as failed',
    },
    async (t) => {
      const { relay, alice, bob } = await beginFriends(t)
      relay.tampering = {
        up: ({ kind }, passage) => {
          if (kind.case !== 'request' || kind.value.method.case !== 'submit') return undefined
          passage.answer(kind.value, { case: 'error', value: { code: wire.ErrorCode.REFUSED } })
          return []
        },
      }

      const sent = await alice.run(['send', bob.handle, 'refused', '--json'])

      t.match(sent.stdout, /"status":"failed".*relay\/refused/)
    },
  ),
)
