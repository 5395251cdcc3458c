import { test, type Test } from 'tap'

import { historyOf, startRelay, succeed, type Person } from '../harness/index.js'
import { beginPair, beginStrangers } from './support/pair.js'
import { schemaFaults } from './support/schemas.js'

interface Sent {
  readonly id: string
}

interface Line {
  readonly message: {
    readonly id: string
    readonly text: string | null
    readonly edited?: boolean
    readonly deleted?: boolean
    readonly reactions?: readonly { readonly emoji: string }[]
  }
}

/** Alice has written to Bob, who has read it. */
async function begin(t: Test, text = 'at seven') {
  const pair = await beginPair(t)
  const { alice, bob } = pair
  const sent = await succeed(alice.run(['send', bob.handle, text, '--json']))
  await succeed(bob.run(['receive']))
  return { ...pair, id: sent.json<Sent>().id }
}

async function lastLine(person: Person, other: Person): Promise<Line['message'] | undefined> {
  const lines: readonly Line[] = await historyOf(person, other.handle)
  return lines.at(-1)?.message
}

test('an edit is a send’s answer here, an event there, and the text of both histories', async (t) => {
  const { alice, bob, id } = await begin(t)
  const edited = await succeed(alice.run(['message', 'edit', id, 'at eight', '--json']))
  const received = await succeed(bob.run(['receive', '--json']))

  t.match(edited.json<object>(), {
    id,
    status: 'accepted',
    results: [{ recipient: bob.handle, id }],
  })
  t.same(schemaFaults('send', edited.stdout), [])
  t.same(schemaFaults('event', received.stdout), [])
  t.match(received.jsonLines<object>(), [
    { type: 'message.edited', message: { id, text: 'at eight', edited: true } },
  ])
  t.match(await lastLine(alice, bob), { text: 'at eight', edited: true })
  t.match(await lastLine(bob, alice), { text: 'at eight', edited: true })
})

test('people read what was edited, deleted and reacted to in front of the text', async (t) => {
  const { alice, bob, id } = await begin(t)
  await succeed(bob.run(['message', 'react', id, '👍']))
  await succeed(alice.run(['send', '--edit', id, bob.handle, 'at eight']))
  await succeed(alice.run(['receive']))
  const received = await succeed(bob.run(['receive']))
  const history = await succeed(alice.run(['history', bob.handle]))
  const shown = await succeed(alice.run(['message', 'show', id]))
  await succeed(alice.run(['message', 'delete', id, '--everyone', '--yes']))
  const gone = await succeed(alice.run(['history', bob.handle]))

  t.match(received.stdout, /@alice\.42 edited: at eight\n/)
  t.match(history.stdout, /you \(edited, 👍 @bob\.42\): at eight\n/)
  t.match(shown.stdout, / {2}edited +20.*\n {2}reaction +👍 {2}@bob\.42\n/)
  t.match(gone.stdout, /you \(message deleted\)\n/)
  t.notMatch(gone.stdout, /at eight/)
})

test('a reaction is one of each person, and is taken back; where there is none nothing is told', async (t) => {
  const { alice, bob, id } = await begin(t)
  const events = async () =>
    (await succeed(alice.run(['receive', '--json', '--type', 'reaction.added,reaction.removed'])))
      .jsonLines<{ readonly type: string; readonly emoji: string }>()
      .map(({ type, emoji }) => [type, emoji])
  await succeed(bob.run(['message', 'unreact', id]))
  t.same(await events(), [])
  for (const emoji of ['👍', '❤️']) await succeed(bob.run(['message', 'react', id, emoji]))
  t.match(await lastLine(alice, bob), { reactions: undefined })
  t.same(await events(), [
    ['reaction.added', '👍'],
    ['reaction.added', '❤️'],
  ])
  t.match(await lastLine(alice, bob), { reactions: [{ emoji: '❤️' }] })
  await succeed(bob.run(['message', 'unreact', id]))
  t.same(await events(), [['reaction.removed', '❤️']])
})

test('deleted for everyone leaves a place, and is in no search and no export', async (t) => {
  const { alice, bob, id } = await begin(t, 'wrongwindow')
  const deleted = await succeed(
    alice.run(['message', 'delete', '@last', '--everyone', '--yes', '--json']),
  )
  const received = await succeed(bob.run(['receive', '--json']))

  t.match(deleted.json<object>(), { id, status: 'accepted' })
  t.match(received.jsonLines<object>(), [{ type: 'message.deleted', message: { id } }])
  for (const [person, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    t.match(await lastLine(person, other), { id, text: null, deleted: true })
    t.equal((await person.run(['search', 'wrongwindow'])).stdout, '')
    const list = await succeed(person.run(['conv', 'list', '--json']))
    const exported = await succeed(person.run(['export', '--json']))
    t.notMatch(`${list.stdout}${exported.stdout}`, /wrongwindow/)
    t.same(schemaFaults('export', exported.stdout), [])
    t.same(schemaFaults('conversation', list.stdout), [])
  }
})

test('deleted here is gone here and nowhere else', async (t) => {
  const { alice, bob, id } = await begin(t)
  await succeed(bob.run(['message', 'delete', id, '--yes']))
  t.match((await bob.run(['message', 'show', id, '--json'])).error(), { code: 'message/unknown' })
  t.notMatch((await succeed(bob.run(['history', alice.handle]))).stdout, /at seven/)
  t.match(await lastLine(alice, bob), { id, text: 'at seven' })
})

test('a script that deletes says --yes, and a text to edit may come from a pipe', async (t) => {
  const { alice, id } = await begin(t)
  const unsaid = await alice.run(['message', 'delete', id, '--everyone', '--json'])
  const piped = await alice.run(['message', 'edit', id, '-'], { input: 'from a pipe\n' })

  t.match(unsaid.error(), { code: 'usage/invalid', exit: 64 })
  t.match(piped, { code: 0, stdout: `${id}\n` })
  t.match((await succeed(alice.run(['message', 'show', id]))).stdout, /from a pipe/)
})

test('what cannot be changed says why, and nothing is sent', async (t) => {
  const { alice, bob, id } = await begin(t)
  const refusal = async (person: Person, ...args: readonly string[]) =>
    (await person.run([...args, '--json'])).error()

  t.match(await refusal(bob, 'message', 'edit', id, 'mine now'), {
    code: 'content/not-yours',
    exit: 77,
  })
  t.match(await refusal(bob, 'message', 'delete', id, '--everyone', '--yes'), { exit: 77 })
  t.match(await refusal(bob, 'message', 'react', id, 'yes'), { code: 'content/invalid', exit: 65 })
  t.match(await refusal(bob, 'message', 'react', id, ''), { code: 'usage/invalid', exit: 64 })
  t.match(await refusal(alice, 'message', 'edit', id, ''), { code: 'content/invalid', exit: 65 })
  t.match(await refusal(alice, 'message', 'edit', 'm_0000000', 'x'), { exit: 67 })
  t.match(await refusal(alice, 'send', '--edit', id, 'me', 'x'), { code: 'content/invalid' })
  t.match(await refusal(alice, 'send', '--edit', id, bob.handle, 'x', '--id', 'k'), { exit: 64 })
  await succeed(alice.run(['message', 'delete', id, '--everyone', '--yes']))
  t.match(await refusal(alice, 'message', 'edit', id, 'x'), { code: 'message/deleted', exit: 65 })
  t.match(await refusal(alice, 'message', 'react', id, '👍'), { code: 'message/deleted', exit: 65 })
  t.equal((await alice.run(['message', 'delete', id, '--everyone', '--yes'])).code, 0, 'as before')
})

test('nobody answers a request by accident', async (t) => {
  const { alice, carol } = await beginStrangers(t)
  await succeed(alice.run(['contact', 'add', carol.handle]))
  const sent = await succeed(alice.run(['send', carol.handle, 'hello', '--json']))
  await succeed(carol.run(['receive']))
  const { id } = sent.json<Sent>()
  const refused = await carol.run(['message', 'react', id, '👍', '--json'])
  t.match(refused.error(), { code: 'contact/not-accepted', exit: 77 })
})

test('with the relay down a change is 79, is seen here, and is told when it is back', async (t) => {
  const { dir, relay, alice, bob, id } = await begin(t)
  await relay.stop()
  const edited = await alice.run(['message', 'edit', id, 'at eight', '--json'])
  const kept = await succeed(alice.run(['message', 'react', id, '🎉', '--wait', 'queued']))
  t.match(edited, { code: 79 })
  t.match(edited.json<object>(), { id, status: 'queued' })
  t.equal(kept.code, 0)
  t.match(await lastLine(alice, bob), { text: 'at eight', edited: true })

  await startRelay(t, { dir, port: relay.port })
  await succeed(alice.run(['receive']))
  await succeed(bob.run(['receive']))
  t.match(await lastLine(bob, alice), { text: 'at eight', reactions: [{ emoji: '🎉' }] })
})

test('a command that dies after it wrote a change down has it told by the next one', async (t) => {
  const { alice, bob, id } = await begin(t)
  const died = await alice.run(['message', 'edit', id, 'at eight'], {
    env: { SOTTO_CRASHPOINT: 'change.composed' },
  })
  await succeed(alice.run(['receive']))
  await succeed(bob.run(['receive']))

  t.equal(died.signal, 'SIGKILL')
  t.match(await lastLine(alice, bob), { text: 'at eight', edited: true })
  t.match(await lastLine(bob, alice), { text: 'at eight', edited: true })
})

for (const name of ['send.sealed', 'send.submitted', 'send.answered', 'send.accepted'])
  test(`a delete whose author dies at ${name} is told once`, async (t) => {
    const { alice, bob, id } = await begin(t)
    const died = await alice.run(['message', 'delete', id, '--everyone', '--yes'], {
      env: { SOTTO_CRASHPOINT: name },
    })
    await succeed(alice.run(['receive']))
    const received = await succeed(bob.run(['receive', '--json']))

    t.equal(died.signal, 'SIGKILL')
    t.match(received.jsonLines<object>(), [{ type: 'message.deleted', message: { id } }])
    t.equal(received.jsonLines<object>().length, 1)
  })

test('a reader that dies while it takes changes in has them once', async (t) => {
  const { alice, bob, id } = await begin(t)
  await succeed(alice.run(['message', 'edit', id, 'at eight']))
  await succeed(alice.run(['message', 'delete', id, '--everyone', '--yes']))
  const died = await bob.run(['receive', '--json'], {
    env: { SOTTO_CRASHPOINT: 'receive.committed' },
  })
  const again = await succeed(bob.run(['receive', '--json']))

  t.equal(died.signal, 'SIGKILL')
  t.match(await lastLine(bob, alice), { text: null, deleted: true })
  t.same(
    again.jsonLines<{ readonly type: string }>().map(({ type }) => type),
    ['message.edited', 'message.deleted'],
  )
})
