import { test, type Test } from 'tap'

import { makePerson, startRelay, succeed, tempDir, type Person } from '../harness/index.js'

/** What a terminal obeys, or shows otherwise than it is; each would do something if it came raw. */
const ATTACKS = [
  '\u001b[2J\u001b[H', // CSI: clears the screen
  '\u001b]0;pwned\u0007', // OSC: sets the title
  '\u001b]52;c;cHduZWQ=\u001b\\', // OSC 52: writes the clipboard
  '\u009b31m\u0090q\u009c', // C1: CSI, DCS
  '\u001bc\u000e\u0008\u007f', // reset, shift out, backspace, delete
  'safe\rfake', // overwrites the line
  '\u202egnp.exe\u202c \u2067rtl\u2069', // bidirectional override and isolate
  '\u200b'.repeat(200) + '\u200d'.repeat(200), // without width
  '\u2028next\u2029', // line and paragraph separator
  'x'.repeat(4000),
].join(' | ')

/** Nothing of these may stand in anything printed for people, save the line end. */
const RAW =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[\u200c\u200d]{2}/

/** In JSON the line end is the only one, and everything else that is not for a terminal an escape. */
const READS: readonly (readonly string[])[] = [
  ['receive', '--as', 'one'],
  ['contact', 'accept', '@bob.42'],
  ['send', '@bob.42', 'who are you?'],
  ['history', '@bob.42'],
  ['search', 'fake'],
  ['message', 'show', '@last:@bob.42'],
  ['message', 'receipts', '@last:@bob.42'],
  ['contact', 'list'],
  ['contact', 'show', '@bob.42'],
  ['conv', 'list'],
  ['conv', 'show', '@bob.42'],
  ['outbox', 'list'],
  ['verify', 'show', '@bob.42'],
  ['verify', 'log'],
  ['account', 'list'],
  ['account', 'show'],
  ['store', 'stats'],
  ['export'],
]

/** Alice, who has a request and then messages of Bob, whose every word is an attack. */
async function attackedAlice(t: Test): Promise<Person> {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = await makePerson(relay, dir, 'alice')
  const bob = await makePerson(relay, dir, 'bob')
  for (const flag of ['--name', '--status']) {
    // Refused where a name cannot hold it; what is not refused is sent to others.
    for (const attack of ATTACKS.split(' | ')) {
      await bob.run(['account', 'edit', flag, attack.slice(0, 40)])
    }
  }
  await succeed(bob.run(['send', alice.handle], { input: ATTACKS }))
  await succeed(alice.run(['receive', '--as', 'zero']))
  return alice
}

test('nothing that others wrote reaches a terminal raw, whatever is read', async (t) => {
  const alice = await attackedAlice(t)
  for (const args of [['receive'], ...READS]) {
    const { code, stdout, stderr } = await alice.run(args)
    const raw = RAW.exec(stdout + stderr)
    t.equal(raw, null, `${args.join(' ')}: ${JSON.stringify(raw?.[0])}`)
    t.ok(code === 0, `${args.join(' ')} ${stderr}`)
  }
})

test('JSON of the same is safe to look at, and still the same text', async (t) => {
  const alice = await attackedAlice(t)
  for (const args of READS) {
    const { stdout, stderr } = await alice.run([...args, '--json'])
    t.equal(RAW.exec(stdout + stderr), null, args.join(' '))
  }
  const { stdout } = await succeed(alice.run(['history', '@bob.42', '--json']))
  t.match(JSON.parse(stdout.split('\n')[0] ?? ''), { message: { text: ATTACKS } })
})

test('what somebody types wrongly is not repeated raw', async (t) => {
  const alice = await attackedAlice(t)
  for (const [number, attack] of ATTACKS.split(' | ').entries()) {
    const wrong = [
      [attack],
      ['send', `@${attack}`, 'x'],
      ['help', attack],
      ['receive', `--${attack}`],
    ]
    for (const args of wrong) {
      const { stdout, stderr } = await alice.run(args)
      t.equal(RAW.exec(stdout + stderr), null, `attack ${String(number)}`)
    }
  }
})
