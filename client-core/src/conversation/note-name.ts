import type { AccountId } from '@sotto/protocol'
import type { Transactor } from '../store/store.js'
import type { NameKind } from '../store/tables/timeline.js'

/** Somebody is called otherwise from now on: their conversation says so. Nothing where it is the same. */
export function noteName(
  tx: Transactor,
  /** `atMs`: relay time. */
  { account, atMs }: { readonly account: AccountId; readonly atMs: number },
  change: { readonly what: NameKind; readonly from: string | null; readonly to: string | null },
): void {
  if (change.from === change.to) return
  tx.timeline.add({ account, atMs, happening: { kind: 'name', ...change } })
}
