import { hex } from '@sotto/protocol'
import type { History } from '../history.js'
import type { StoreRecord } from '../relay-host.js'
import type { Invariant } from './invariant.js'
import { doneOf, lineagesOf } from './lineages.js'

/**
 * 5: a one-time prekey is handed out at most once, ever; the last resort only when there is no other.
 * A restored relay has forgotten what it handed out: it has no stock until a device has replaced its.
 */
export const prekeysOnce: Invariant = {
  name: 'prekeys once',
  check: (history) => [
    ...new Set([
      ...handedOutTwice(history),
      ...lastResortsInPlenty(history),
      ...prekeysOfAnotherEpoch(history),
    ]),
  ],
}

/** A device of an account, as the store names it. */
function nameOf({ account, device }: { readonly account: Uint8Array; readonly device: number }) {
  return `${hex(account)} ${String(device)}`
}

/** One of Kyber has 1,569 bytes, and each is named for every record that it is in. */
function nameOfKey({ publicKey }: { readonly publicKey: Uint8Array }): string {
  return Buffer.from(publicKey).toString('hex')
}

interface HandedOut {
  readonly owner: string
  readonly keys: readonly string[]
  readonly hasLastResort: boolean
}

function handedOutBy(record: StoreRecord): readonly HandedOut[] {
  const done = doneOf(record, 'take-prekeys')
  if (done?.output.kind !== 'taken') return []
  const { account } = done.input
  return done.output.devices.map(({ device, oneTimeEc, kyber, lastResort }) => ({
    owner: nameOf({ account, device }),
    keys: [
      ...(oneTimeEc === undefined ? [] : [nameOfKey(oneTimeEc)]),
      ...(lastResort ? [] : [nameOfKey(kyber)]),
    ],
    hasLastResort: lastResort && !done.input.lastResortOnly,
  }))
}

function handedOutTwice({ records }: History): readonly string[] {
  const taken = new Set<string>()
  return records.flatMap((record) =>
    handedOutBy(record)
      .flatMap(({ keys }) => keys)
      .flatMap((key) => {
        if (taken.has(key)) return [`the relay handed out the one-time prekey ${key} twice`]
        taken.add(key)
        return []
      }),
  )
}

/** A last-resort key although the stock, as it was published and taken from, was not used up. */
function lastResortsInPlenty(history: History): readonly string[] {
  const { restored, last } = lineagesOf(history)
  return [...restored, last].flatMap(({ records }) => {
    const stocks = new Map<string, Stock>()
    return records.flatMap((record) => {
      if (doneOf(record, 'begin-epoch') !== undefined) forgetAll(stocks)
      fill(stocks, record)
      return handedOutBy(record).flatMap(({ owner, keys, hasLastResort }) => {
        const stock = stocks.get(owner)
        const left = stock?.kyber.size ?? 0
        for (const key of keys) stock?.kyber.delete(key)
        return hasLastResort && left > 0
          ? [`the relay handed out a last-resort prekey with ${String(left)} others in stock`]
          : []
      })
    })
  })
}

interface Stock {
  readonly kyber: Set<string>
  highest: number
}

function fill(stocks: Map<string, Stock>, record: StoreRecord): void {
  const registered = doneOf(record, 'register')
  const published = doneOf(record, 'publish-prekeys')
  if (registered?.output.kind === 'created') {
    const { account, device, prekeys, prekeysMax } = registered.input
    add(stocks, nameOf({ account, device: device.device }), { stock: prekeys, prekeysMax })
  }
  if (published !== undefined) add(stocks, nameOf(published.input.owner), published.input)
}

function forgetAll(stocks: ReadonlyMap<string, Stock>): void {
  for (const { kyber } of stocks.values()) kyber.clear()
}

type Published = NonNullable<ReturnType<typeof doneOf<'publish-prekeys'>>>['input']

function add(
  stocks: Map<string, Stock>,
  owner: string,
  { stock: given, prekeysMax }: Pick<Published, 'stock' | 'prekeysMax'>,
): void {
  const stock = stocks.get(owner) ?? { kyber: new Set<string>(), highest: 0 }
  stocks.set(owner, stock)
  const listed = new Set(given.oneTimeKyber.map(nameOfKey))
  if (given.replace) for (const key of stock.kyber) if (!listed.has(key)) stock.kyber.delete(key)
  for (const prekey of [...given.oneTimeKyber].sort((a, b) => a.id - b.id)) {
    if (prekey.id <= stock.highest || stock.kyber.size >= prekeysMax) continue
    stock.kyber.add(nameOfKey(prekey))
    stock.highest = prekey.id
  }
}

/** After a restore a device keeps no private key that it had published before. */
function prekeysOfAnotherEpoch({ records, marks, findings }: History): readonly string[] {
  const restored = marks.findLast(({ kind }) => kind === 'restore')?.records
  if (restored === undefined) return []
  return findings.flatMap(({ name, account, oneTimePrekeys }) => {
    const published = records.slice(restored).reduce((sum, record) => {
      const done = doneOf(record, 'publish-prekeys')
      if (done === undefined || hex(done.input.owner.account) !== account.replaceAll('-', ''))
        return sum
      return sum + done.input.stock.oneTimeEc.length + done.input.stock.oneTimeKyber.length
    }, 0)
    return oneTimePrekeys <= published
      ? []
      : [
          `${name} keeps ${String(oneTimePrekeys)} one-time prekeys and gave the restored relay ${String(published)}`,
        ]
  })
}
