import { Readable } from 'node:stream'
import {
  asPassphrase,
  CONFIG_KEYS,
  findLine,
  isRecipient,
  nearest,
  parseChoice,
  parseConfig,
  parseCount,
  parseFields,
  pickFields,
  readLines,
  readRequest,
  readText,
  setLine,
  splitAddressed,
  splitList,
} from '@sotto/cli/parsers'
import { ownBytes, SottoError, utf8, type Bytes } from '@sotto/protocol'
import { must, refusedAs, textOf, type Target } from '../target.js'

const USAGE = ['usage/invalid'] as const
const LINE_BYTES_MAX = 256

export const cliTargets: readonly Target[] = [
  {
    name: 'config',
    seeds: [
      ...['account = "alice"\ntimeout = "30s"\n[contacts]\naccept = "everyone"\n'],
      ...["proxy = 'socks5h://u:p@127.0.0.1:9050' # tor\r\ncolor='never'\n", 'a.b.c = [1, 2.5e3]'],
      ...[
        '[[x]]\ny = 2026-10-31T08:12:04Z\nz = {a = true, "b c" = """t"""}',
        'contacts.accept="ask"',
      ],
    ].map(utf8),
    tokens: [
      ...['\n', ' = ', '[', ']', '[[', '"""', "'''", '\\u0041', '#', '.', '{', '}', '"', "'"],
      ...['[contacts]', 'accept', '"ask"', '__proto__', 'inf', 'nan', '0x', '1979-05-27', '=1\n'],
      ...CONFIG_KEYS,
    ],
    run(input) {
      const text = textOf(input)
      for (const origin of ['project', 'user', 'system'] as const) {
        const { entries, faults } = parseConfig([{ origin, path: '/p/.sotto.toml', text }])
        for (const key of entries.keys())
          must('a key is one of those there are', CONFIG_KEYS.includes(key))
        if (origin !== 'user' || faults.length > 0) continue
        for (const key of CONFIG_KEYS) {
          findLine(text, key)
          checkSetting(text, key)
        }
      }
    },
  },
  {
    name: 'lines',
    seeds: ['a\nb\r\nc', '\n\n', `${'x'.repeat(300)}\nshort\n`].map(utf8),
    tokens: ['\n', '\r\n', '\r'],
    async run(input) {
      const whole = await linesOf([input])
      const pieces = Array.from({ length: Math.ceil(input.length / 3) }, (_, at) =>
        input.subarray(at * 3, at * 3 + 3),
      )
      must('lines are the same in pieces', whole.join('\0') === (await linesOf(pieces)).join('\0'))
      try {
        await readText(Readable.from([input]))
      } catch (thrown) {
        if (!(thrown instanceof SottoError) || !thrown.code.startsWith('content/')) throw thrown
      }
      const codes = ['store/passphrase-needed', 'content/invalid'] as const
      refusedAs(codes, () => asPassphrase(ownBytes(input)))
    },
  },
  {
    name: 'ndjson',
    seeds: [
      '{"to":["@bob.42"],"text":"hello","id":"k1"}',
      '{"to":"me","text":"x","replyTo":"m_0","silent":true,"wait":"read"}',
      '{"text":null}',
    ].map(utf8),
    tokens: ['"to":', '"text":', '"id":', '"replyTo":', '"silent":', '"wait":', '"queued"', '"@b"'],
    run(input) {
      const defaults = { to: [], id: 'k', wait: 'queued', ndjson: true } as const
      const request = readRequest({ number: 3, text: textOf(input) }, defaults)
      if (request.kind === 'wrong')
        must('a wrong line is not a bug', request.error.code !== 'bug/invariant')
      if (request.kind === 'send')
        must('it goes to recipients', request.params.to.every(isRecipient))
    },
  },
  {
    name: 'words',
    seeds: ['@bob.42\nhello', 'me', 'message.text,sender.handle', 'a,b , c', '12', 'quueed'].map(
      utf8,
    ),
    tokens: ['\n', ',', '.', '@', '-', '--', 'accepted', 'delivered'],
    run(input) {
      const text = textOf(input)
      refusedAs([...USAGE, 'recipient/unknown'], () => splitAddressed(text.split('\n'), 0))
      refusedAs(USAGE, () => parseCount(text))
      refusedAs(USAGE, () => parseChoice(text, ['queued', 'accepted'], 'level'))
      nearest(text, ['queued', 'accepted', 'delivered', 'read'])
      for (const word of splitList([text])) must('a word is not empty', word.trim() === word)
      const fields = refusedAs(USAGE, () => parseFields(text))
      if (fields !== undefined)
        pickFields({ message: { text: 'x' }, sender: { handle: 'y' } }, fields)
    },
  },
]

/** A key that is set is read as what it was set to, and the rest of the file says what it said. */
function checkSetting(text: string, key: (typeof CONFIG_KEYS)[number]): void {
  const values = {
    account: 'bob "x" \\ \u0001',
    timeout: '5m',
    proxy: 'none',
    color: 'never',
  } as const
  const value = key === 'contacts.accept' ? 'everyone' : values[key]
  const before = entriesOf(text)
  const after = entriesOf(setLine(text, key, value))
  if (before === undefined || after === undefined) return
  must('what was set is read', after.get(key)?.value === value)
  for (const other of CONFIG_KEYS)
    if (other !== key)
      must('nothing else changes', after.get(other)?.value === before.get(other)?.value)
}

function entriesOf(text: string) {
  const { entries, faults } = parseConfig([{ origin: 'user', path: 'p', text }])
  return faults.length > 0 ? undefined : entries
}

async function linesOf(pieces: readonly Bytes[]): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of readLines(Readable.from(pieces), LINE_BYTES_MAX)) {
    must('lines are counted', line.number === lines.length + 1)
    lines.push('error' in line ? line.error.code : line.text)
  }
  return lines
}
