import {
  parseDuration,
  parseRecipient,
  parseTime,
  type MethodName,
  type Socket,
  type Transport,
} from '@sotto/client-core'
import {
  AnonymousDoor,
  errorOfFault,
  faultLine,
  fetchParameters,
  Frames,
  IdentifiedConnection,
  isLocked,
  METHODS,
  notificationLine,
  OPERATORS,
  parseAlias,
  parseAnswer,
  parseLabel,
  parseOwnerNote,
  parseParams,
  parseQuestion,
  parseSafetyNumber,
  parseScanned,
  parseSearchQuery,
  questionLine,
  register,
  RelayClock,
  resultLine,
  type OwnerNote,
  type SearchQuery,
} from '@sotto/client-core/parsers'
import { errorObject, FIRST_DEVICE, ownBytes, SottoError, utf8, type Bytes } from '@sotto/protocol'
import { asFields, partsOf } from '../fields.js'
import { must, refusedAs, textOf, type Target } from '../target.js'
import { ACCOUNT, jsonOf, RELAY_FRAMES, same } from './protocol.js'

const USAGE = ['usage/invalid'] as const
const NOW_MS = Date.UTC(2026, 9, 31, 8, 12)

const QUESTIONS = Object.entries(METHODS).map(([name, method]) => {
  const fields: Readonly<Record<string, Schemed>> = method.fields
  const params = Object.entries(fields).map(([field, { schema }]) => [field, example(schema)])
  return utf8(questionLine(1, name, Object.fromEntries(params)))
})

interface Schemed {
  readonly schema: Readonly<Record<string, unknown>>
}

function example(schema: Readonly<Record<string, unknown>>): unknown {
  const { type, enum: words } = schema
  if (Array.isArray(words)) return words[0] as unknown
  if (type === 'array') return ['@bob.42']
  if (type === 'boolean') return true
  return type === 'integer' ? 1 : 'text'
}

export const clientCoreTargets: readonly Target[] = [
  {
    name: 'recipient',
    seeds: [
      ...['me', '@alice.42', '@alice', '@alice.42@relay.example:1', `acct:${ACCOUNT}`, '#group'],
      ...['id:c_0123', 'sotto://relay.example/invite#AQ', '@Ünï_cöde'],
    ].map(utf8),
    tokens: ['@', 'id:', 'acct:', 'sotto:', '.42', '#'],
    run(input) {
      const written = textOf(input)
      const recipient = refusedAs(USAGE, () => parseRecipient(written))
      if (recipient?.kind === 'alias')
        must('a local name is one', parseAlias(recipient.alias) === recipient.alias)
      refusedAs(USAGE, () => parseAlias(written))
      refusedAs(USAGE, () => parseSafetyNumber(written))
      refusedAs(USAGE, () => parseScanned(written))
    },
  },
  {
    name: 'time',
    seeds: [
      ...['2026-10-31T08:12:04Z', '2026-10-31', '2026-10-31 08:12', '08:12', 'yesterday 08:12'],
      ...['+2h', '-7d', 'today', '30s', '2026-02-28T23:59:60.123456789+14:00'],
    ].map(utf8),
    tokens: ['yesterday', 'today', 'tomorrow', 'T', 'Z', '+', '-', ':', '9999', '0000', '13', '31'],
    run(input) {
      const written = textOf(input)
      refusedAs(USAGE, () => parseDuration(written))
      const time = refusedAs(USAGE, () => parseTime(written, NOW_MS))
      if (time === undefined) return
      must('a time is RFC 3339', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(time))
      must('a time survives', parseTime(time, NOW_MS) === time)
      const day = /^(\d{4})-(\d{2})-(\d{2})( |$)/.exec(written)
      if (day !== null) {
        const local = new Date(time)
        must('a day is the day that was written', local.getMonth() + 1 === Number(day[2]))
      }
    },
  },
  {
    name: 'search-query',
    seeds: [
      ...['deploy failed', '"roll back" -no', 'a OR b OR "c d"', 'from:@bob in:"x y" -type:text'],
      ...['begin* "two w"*', 'before:2026-10-31 after:yesterday has:link', '“curly” -"not this"'],
    ].map(utf8),
    tokens: [...OPERATORS.map((name) => `${name}:`), ' OR ', '"', '*', '-', ' ', '(', '“'],
    run(input) {
      const query = refusedAs(USAGE, () => parseSearchQuery(textOf(input)))
      if (query === undefined) return
      for (const { name } of query.operators)
        must('an operator is one of those there are', OPERATORS.includes(name))
      must('a query survives', same(parseSearchQuery(writeQuery(query)), query))
    },
  },
  {
    name: 'rpc',
    seeds: [
      ...QUESTIONS,
      utf8(resultLine(1, { a: 1 })),
      utf8(notificationLine('event', {})),
      utf8(faultLine(null, { code: -32000, message: 'm', data: errorLike() })),
    ],
    tokens: [
      ...['"jsonrpc":"2.0"', '"id":1', '"method":', '"params":{', '"result":', '"error":{'],
      ...['"code":', '"data":', 'null', '"hasOwnProperty"', ...Object.keys(METHODS)],
    ],
    run(input) {
      const frames = new Frames(1024)
      for (const piece of [input.subarray(0, 7), input.subarray(7)])
        refusedAs(['wire/malformed'], () => [...frames.take(piece)])
      const question = parseQuestion(input)
      if (question.kind === 'question') {
        const method = Object.hasOwn(METHODS, question.method)
          ? METHODS[question.method as MethodName]
          : undefined
        const fields: Parameters<typeof parseParams>[0] = method?.fields ?? {}
        refusedAs(USAGE, () => parseParams(fields, question.params))
      }
      const answer = parseAnswer(input)
      if (answer.kind === 'error') errorObject(errorOfFault(answer.fault))
    },
  },
  {
    name: 'owner-note',
    seeds: [
      { pid: 1, command: 'receive', since: '2026-10-31T08:12:04Z', socket: '/run/x' },
      { pid: 77, command: 'chat', since: '' },
    ].map((note: OwnerNote) => utf8(JSON.stringify(note))),
    tokens: ['"pid":', '"command":', '"since":', '"socket":'],
    run(input) {
      const note = parseOwnerNote(input)
      if (note === undefined) return
      must('a note survives', same(parseOwnerNote(utf8(JSON.stringify(note))), note))
    },
  },
  {
    name: 'label',
    seeds: [
      {
        ...{ account: ACCOUNT, username: 'bob.42', device: 1, relay: 'https://relay.example' },
        ...{ relayRoot: 'A'.repeat(44), createdAtMs: 5 },
      },
    ].map((label) => utf8(JSON.stringify(label).padEnd(1024))),
    tokens: ['null', '"createdAtMs":', '"username":null', '1e999'],
    run(input) {
      isLocked(input)
      const label = refusedAs(['store/damaged'], () => parseLabel(input))
      if (label === undefined) return
      must('a label says when', Number.isSafeInteger(label.createdAtMs))
    },
  },
  {
    name: 'relay-answer',
    isProtobuf: true,
    seeds: [asFields([Uint8Array.of(200), RELAY_FRAMES[0] ?? new Uint8Array(0)])],
    async run(input) {
      const [status = new Uint8Array(0), body = new Uint8Array(0)] = partsOf(input)
      const transport = transportOf({
        status: 200 + 100 * ((status[0] ?? 0) % 4),
        body: ownBytes(body),
      })
      const origin = 'https://relay.example'
      await refusedByRelay(fetchParameters({ origin, transport, verify: () => true }))
      await refusedByRelay(register({ origin, transport, request: {} }))
    },
  },
  {
    name: 'identified-client',
    isProtobuf: true,
    bytesMax: 8_192,
    seeds: [
      asFields(RELAY_FRAMES),
      ...RELAY_FRAMES.slice(2).map((frame) => asFields([...RELAY_FRAMES.slice(0, 2), frame])),
    ],
    async run(input) {
      const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0, after: () => () => undefined }
      const relayClock = new RelayClock(clock)
      const seqs: number[] = []
      const heard = ({ seq, arrivalMs }: { readonly seq: number; readonly arrivalMs: number }) => {
        must('seqs rise', seq > (seqs.at(-1) ?? 0))
        must('a time can be written', new Date(arrivalMs).toISOString().length === 24)
        seqs.push(seq)
      }
      const socket = new ScriptedSocket(partsOf(input).map(ownBytes))
      const opening = IdentifiedConnection.open({
        ...{ origin: 'https://relay.example', relayRoot: new Uint8Array(33), account: ACCOUNT },
        ...{ device: FIRST_DEVICE, sign: () => new Uint8Array(64), clock, relayClock },
        transport: transportOf({ status: 200, body: new Uint8Array(0) }, socket),
        signal: new AbortController().signal,
        listener: {
          ready: (connection) => {
            connection.ask({ case: 'drawCertificate', value: {} }).catch(relayFault)
          },
          deliver: (delivered) => {
            heard(delivered)
            delivered.acknowledge()
          },
          gap: heard,
          passing: ({ arrivalMs }) =>
            must('a time can be written', new Date(arrivalMs).toISOString().length === 24),
          queueEmpty: () => undefined,
          prekeys: () => undefined,
        },
      })
      const opened = refusedByRelay(opening)
      await turns()
      socket.end()
      const connection = await opened
      if (connection !== undefined) relayFault(await connection.closed)
    },
  },
  {
    name: 'anonymous-client',
    isProtobuf: true,
    bytesMax: 8_192,
    seeds: RELAY_FRAMES.slice(5).map((frame) => asFields([...RELAY_FRAMES.slice(0, 1), frame])),
    async run(input) {
      const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0, after: () => () => undefined }
      const frames = partsOf(input).map(ownBytes)
      const asked = async (ask: (door: AnonymousDoor) => Promise<unknown>): Promise<void> => {
        const socket = new ScriptedSocket(frames)
        const transport = transportOf({ status: 200, body: new Uint8Array(0) }, socket)
        const permits = { take: async () => new Uint8Array(65), discard: () => undefined }
        const door = new AnonymousDoor({
          origin: 'https://relay.example',
          transport,
          clock,
          permits,
        })
        const answer = refusedByRelay(ask(door))
        await turns()
        socket.end()
        await answer
        door.close()
      }
      const leave = { kind: 'stranger' } as const
      await asked((door) => door.isUsernameFree(new Uint8Array(32)))
      await asked((door) => door.lookupUsername(new Uint8Array(32)))
      await asked((door) => door.fetchBundle({ account: ACCOUNT, leave }))
      const submission = { account: ACCOUNT, route: new Uint8Array(16), leave, envelopes: [] }
      await asked((door) => door.submit(submission))
    },
  },
]

/** A query as somebody would have typed it. */
function writeQuery({ all, none, operators }: SearchQuery): string {
  // What has a quotation mark inside was a bare word, for nothing else can have one.
  const word = (text: string): string => (text.includes('"') ? text : `"${text}"`)
  const term = ({ text, prefix }: { readonly text: string; readonly prefix: boolean }): string =>
    `${word(text)}${prefix ? '*' : ''}`
  return [
    ...all.map((group) => group.map(term).join(' OR ')),
    ...none.map((each) => `-${term(each)}`),
    ...operators.map(({ name, value, excluded }) => `${excluded ? '-' : ''}${name}:${word(value)}`),
  ].join(' ')
}

function errorLike() {
  const data = jsonOf(
    '{"code":"relay/quota","message":"m","fix":"f","exit":82,"retryable":true,"retryAfterMs":5}',
  )
  return data as ReturnType<typeof errorObject>
}

/** Every refusal of a relay’s nonsense is one of ours, and never a bug or blamed on whoever asked. */
async function refusedByRelay<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work
  } catch (thrown) {
    relayFault(thrown)
    return undefined
  }
}

function relayFault(thrown: unknown): void {
  if (!(thrown instanceof SottoError)) throw thrown
  if (thrown.code === 'bug/invariant' || thrown.code === 'content/invalid') throw thrown
}

async function turns(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

/** A socket at whose other end a relay says what an input has written. */
class ScriptedSocket implements Socket {
  readonly #frames: readonly Bytes[]
  #close: (code: number) => void = () => undefined

  constructor(frames: readonly Bytes[]) {
    this.#frames = frames
  }

  send(): boolean {
    return true
  }

  onMessage(listener: (bytes: Bytes) => void): void {
    queueMicrotask(() => {
      for (const frame of this.#frames) listener(frame)
    })
  }

  onClose(listener: (code: number) => void): void {
    this.#close = listener
  }

  close(): void {
    this.end()
  }

  end(): void {
    this.#close(1000)
  }
}

function transportOf(
  answer: { readonly status: number; readonly body: Bytes },
  socket: Socket = new ScriptedSocket([]),
): Transport {
  return { open: () => Promise.resolve(socket), exchange: () => Promise.resolve(answer) }
}
