import { randomBytes } from 'node:crypto'
import WebSocket from 'ws'
import { decode, encode, wire, type Bytes } from '@sotto/protocol'
import { authenticateFrame, registerBenchAccount, type BenchAccount } from './bench-account.js'
import { startProgram } from './node-program.js'
import { closedEarly, opened, PendingSubmissions } from './socket.js'
import {
  BODY_BYTES,
  type Delivered,
  type Origin,
  type Receiver,
  type Sender,
  type Subject,
} from './subject.js'

/** More than any benchmark wants: quotas are not what is measured. */
const QUOTAS = ['mailboxEnvelopes=10000000', 'mailboxBytes=100000000000', 'connections=100000']
const REGISTERED_AT_ONCE = 16

/** The accounts of a data folder, for a second start on it. */
const accountsOf = new Map<string, BenchAccount[]>()

/** sotto-relay as it is built, with room in its mailboxes for a backlog. */
export const SOTTO: Subject = {
  name: 'sotto-relay',
  async start(scope, folder, options) {
    const args = QUOTAS.flatMap((quota) => ['--limit', quota])
    const { relay, running } = await startProgram(scope, folder, { ...options, args })
    const accounts = accountsOf.get(folder) ?? []
    accountsOf.set(folder, accounts)
    return {
      ...running,
      async prepare(mailboxes) {
        const rootKey = await fetchRootKey(relay.url)
        while (accounts.length < mailboxes) {
          const count = Math.min(REGISTERED_AT_ONCE, mailboxes - accounts.length)
          const register = () => registerBenchAccount({ url: relay.url, rootKey })
          accounts.push(...(await Promise.all(Array.from({ length: count }, register))))
        }
      },
      openSender: (mailbox) => openSender(relay.url, accountAt(accounts, mailbox)),
      openReceiver: (mailbox, onDeliver, from) =>
        openReceiver(relay.url, accountAt(accounts, mailbox), onDeliver, from),
    }
  },
}

async function fetchRootKey(url: string): Promise<Bytes> {
  const response = await fetch(`${url}/v1/parameters`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  return decode(wire.SignedParametersSchema, bytes).rootKey as Bytes
}

async function openSender(url: string, account: BenchAccount): Promise<Sender> {
  const socket = await opened(new WebSocket(`${url.replace('http', 'ws')}/v1/anonymous`))
  const pending = new PendingSubmissions()
  const template = submitTemplate(account)
  socket.on('message', (frame: Buffer) => {
    if (frame[0] === TAG_RESULT) pending.accepted(submittedId(frame))
  })
  return {
    submit(body, accepted) {
      const frame = Buffer.from(template.frame)
      writeId(frame, template.idAt, pending.add(accepted))
      randomBytes(16).copy(frame, template.keyAt)
      body.copy(frame, template.bodyAt)
      socket.send(frame)
    },
    close: () => socket.close(),
  }
}

async function openReceiver(
  url: string,
  account: BenchAccount,
  onDeliver: (delivered: Delivered) => void,
  from?: Origin,
): Promise<Receiver> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/identified`, from)
  const { host } = new URL(url)
  let epoch = 0n
  const ready = new Promise<void>((resolve) => {
    socket.on('message', (bytes: Buffer) => {
      if (bytes[0] === TAG_DELIVER) {
        onDeliver(parseDeliver(bytes))
        return
      }
      const { kind } = decode(wire.RelayFrameSchema, bytes)
      if (kind.case === 'hello') socket.send(authenticateFrame(account, host, kind.value))
      if (kind.case !== 'ready') return
      epoch = kind.value.epoch
      resolve()
    })
  })
  await Promise.race([ready, closedEarly(socket)])
  return {
    acknowledge(seq) {
      const value = { epoch, seq: BigInt(seq) }
      socket.send(encode(wire.ClientFrameSchema, { kind: { case: 'acknowledge', value } }))
    },
    close: () => socket.close(),
  }
}

// The load generator runs beside what it measures, on the same two cores: it writes and reads these
// few frames by hand, so that the figures are the relay's and not its own.

const TAG_RESULT = 0x1a
const TAG_DELIVER = 0x22
const TAG_SUBMITTED = 0x62
const MARKED_ID = 2 ** 22 + 77

interface Template {
  readonly frame: Buffer
  readonly idAt: number
  readonly keyAt: number
  readonly bodyAt: number
}

/** A Submit with the places where one differs from the next. */
function submitTemplate(account: BenchAccount): Template {
  const idempotencyKey = new Uint8Array(randomBytes(16))
  const body = new Uint8Array(randomBytes(BODY_BYTES))
  const { registrationId, route, accessKey } = account
  const envelopes = [{ device: 1, registrationId, idempotencyKey, body }]
  const leave = { kind: { case: 'accessKey', value: accessKey } } as const
  const method = { case: 'submit', value: { route, leave, envelopes } } as const
  const frame = Buffer.from(
    encode(wire.ClientFrameSchema, {
      kind: { case: 'request', value: { id: MARKED_ID, method } },
    }),
  )
  const marker = Buffer.alloc(4)
  writeId(marker, 0, MARKED_ID)
  return {
    frame,
    idAt: frame.indexOf(marker),
    keyAt: frame.indexOf(idempotencyKey),
    bodyAt: frame.indexOf(body),
  }
}

/** Four bytes of varint. */
function writeId(frame: Buffer, at: number, id: number): void {
  for (let index = 0; index < 4; index++) {
    frame[at + index] = ((id >>> (7 * index)) & 0x7f) | (index < 3 ? 0x80 : 0)
  }
}

/** The id of a Result that says Submitted; anything else ends the benchmark. */
function submittedId(frame: Buffer): number {
  const { value: id, next } = varint(frame, 3)
  if (frame[next] !== TAG_SUBMITTED) throw new Error('a submission was not accepted')
  return id
}

function parseDeliver(frame: Buffer): { readonly seq: number; readonly body: Buffer } {
  const { next: kindEnd } = varint(frame, 1)
  const { value: seq, next: seqEnd } = varint(frame, kindEnd + 1)
  const { value: length, next } = varint(frame, seqEnd + 1)
  return { seq, body: frame.subarray(next, next + length) }
}

function varint(frame: Buffer, at: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let index = 0; ; index++) {
    const byte = frame[at + index] ?? 0
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { value, next: at + index + 1 }
  }
}

function accountAt(accounts: readonly BenchAccount[], mailbox: number): BenchAccount {
  const account = accounts[mailbox]
  if (account === undefined) throw new Error('the mailbox was not prepared')
  return account
}
