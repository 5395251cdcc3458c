import { randomBytes } from 'node:crypto'
import { accountIdBytes, decode, encode, ownBytes, wire, type AccountId } from '@sotto/protocol'
import { listAccounts } from '@sotto/client-core'
import { WebSocket } from 'ws'

type RequestInit = NonNullable<Parameters<typeof encode<typeof wire.RequestSchema>>[1]['method']>

/** 640 MiB of noise. */
const FLOOD_MAX = 10_000
const STRANGER = { kind: { case: 'stranger' as const, value: {} } }

/** Puts an envelope into somebody's mailbox that is a bucket of noise. */
export async function submitJunk(relay: string, home: string): Promise<void> {
  const door = await Door.open(relay)
  const kind = (await door.submitJunk(await door.bundle(await accountIn(home)), 1024)).kind
  if (kind.case !== 'submitted') throw new Error(`the junk was not taken: ${String(kind.case)}`)
  door.close()
}

/** Puts noise into somebody's mailbox until the relay takes no more; answers how much it took. */
export async function flood(
  relay: string,
  home: string,
): Promise<{ readonly taken: number; readonly refusal: wire.Error }> {
  const door = await Door.open(relay)
  const bundle = await door.bundle(await accountIn(home))
  for (let taken = 0; taken < FLOOD_MAX; taken++) {
    const { kind } = await door.submitJunk(bundle, 65_536)
    if (kind.case === 'submitted') continue
    door.close()
    if (kind.case !== 'error') throw new Error(`an unexpected answer: ${String(kind.case)}`)
    return { taken, refusal: kind.value }
  }
  throw new Error('the relay takes anything')
}
/** Takes `count` bundles, and with them as many one-time prekeys, and throws them away. */
export async function drainPrekeys(relay: string, home: string, count: number): Promise<void> {
  const door = await Door.open(relay)
  const account = await accountIn(home)
  for (let taken = 0; taken < count; taken++) await door.bundle(account)
  door.close()
}

async function accountIn(home: string): Promise<AccountId> {
  const {
    accounts: [account],
  } = await listAccounts({ home: { dataDir: home } })
  if (account === undefined) throw new Error('there is no account in that home')
  return account.id
}

/** The anonymous door, used by nobody's client. */
export class Door {
  readonly #socket: WebSocket
  #id = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  static async open(relay: string): Promise<Door> {
    const socket = new WebSocket(`${relay.replace(/^http/, 'ws')}/v1/anonymous`)
    await new Promise((resolve, reject) => {
      socket.once('message', resolve)
      socket.once('error', reject)
    })
    return new Door(socket)
  }

  async bundle(account: AccountId): Promise<wire.AccountBundle> {
    const value = { account: accountIdBytes(account), leave: STRANGER }
    const result = await this.ask({ case: 'fetchBundle', value })
    if (result.kind.case !== 'bundle') throw new Error(`no bundle: ${String(result.kind.case)}`)
    return result.kind.value
  }

  /** One envelope of noise for the first device of a bundle. */
  submitJunk(bundle: wire.AccountBundle, bytes: number): Promise<wire.Result> {
    const [device] = bundle.devices
    if (device === undefined) throw new Error('an account has a device')
    const envelope = {
      device: device.device,
      registrationId: device.registrationId,
      idempotencyKey: ownBytes(randomBytes(16)),
      body: ownBytes(randomBytes(bytes)),
    }
    return this.ask({
      case: 'submit',
      value: { route: bundle.route, leave: STRANGER, envelopes: [envelope] },
    })
  }

  async ask(method: RequestInit): Promise<wire.Result> {
    const id = ++this.#id
    const answer = new Promise<wire.Result>((resolve) => {
      this.#socket.once('message', (data: Buffer) => {
        const frame = decode(wire.RelayFrameSchema, data)
        if (frame.kind.case === 'result') resolve(frame.kind.value)
      })
    })
    this.#socket.send(
      encode(wire.ClientFrameSchema, { kind: { case: 'request', value: { id, method } } }),
    )
    return answer
  }

  close(): void {
    this.#socket.close()
  }
}
