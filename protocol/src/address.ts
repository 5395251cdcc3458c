import type { AccountId, DeviceId } from './ids.js'

/** Where an envelope goes: one device of one account on one relay. */
export interface Address {
  /** The relay's origin, as in `https://relay.example`; see relay-url.ts. */
  readonly relay: string
  readonly account: AccountId
  readonly device: DeviceId
}

/** One line that names an address uniquely: a map key, never shown. */
export function addressKey(address: Pick<Address, 'account' | 'device'>): string {
  return `${address.account}.${String(address.device)}`
}
