import type Database from '@signalapp/sqlcipher'
import { concatBytes, equalBytes, type Bytes } from '@sotto/protocol'
import type { Changes, Spending } from '../port.js'
import { blob, integer, type Row } from './rows.js'

/** Bytes of a request's hash among those of an errand. */
export const REQUEST_HASH_BYTES = 16

/** How an errand stands. */
type Standing = 'new' | 'more' | 'granted' | 'refused'

/** Permits that were drawn and spent; call these inside a transaction only. */
export class PermitChanges {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  draw({ owner, day, requestHash }: Changes['draw-permits']['input']): 'granted' | 'drawn' {
    const drawn = this.#database
      .prepare('SELECT day, request_hash FROM permit_draw WHERE account = ? AND device = ?')
      .get<Row>([owner.account, owner.device])
    if (drawn !== undefined && integer(drawn, 'day') === day) {
      return equalBytes(blob(drawn, 'request_hash'), requestHash) ? 'granted' : 'drawn'
    }
    this.#database
      .prepare('INSERT OR REPLACE INTO permit_draw VALUES (?, ?, ?, ?)')
      .run([owner.account, owner.device, day, requestHash])
    return 'granted'
  }

  spend(spending: Spending): 'granted' | 'refused' {
    const standing = this.standing(spending)
    switch (standing) {
      case 'new':
        return this.#begin(spending)
      case 'more':
        return this.#add(spending)
      case 'granted':
      case 'refused':
        return standing
    }
  }

  /**
   * How an errand stands with one more request: nobody has begun it, it goes on with a submission more,
   * this changes nothing of it, or it is not for this.
   */
  standing({ nullifier, targetHash, requestHash, nowMinute, submissionsMax }: Spending): Standing {
    const spent = this.#spent(nullifier)
    if (spent === undefined) return 'new'
    if (!equalBytes(blob(spent, 'target_hash'), targetHash)) return 'refused'
    const known = blob(spent, 'request_hashes')
    if (requestHash !== undefined && holds(known, requestHash)) return 'granted'
    if (nowMinute >= integer(spent, 'ends_minute')) return 'refused'
    if (requestHash === undefined) return 'granted'
    return known.length < submissionsMax * REQUEST_HASH_BYTES ? 'more' : 'refused'
  }

  forget({ day, max }: Changes['forget-permits']['input']): number {
    return this.#database
      .prepare(
        `DELETE FROM permit_spent WHERE nullifier IN
           (SELECT nullifier FROM permit_spent WHERE day < ? LIMIT ? + 0)`,
      )
      .run([day, max]).changes
  }

  #begin({ nullifier, targetHash, endsMinute, requestHash, day }: Spending): 'granted' {
    this.#database
      .prepare('INSERT INTO permit_spent VALUES (?, ?, ?, ?, ?)')
      .run([nullifier, targetHash, endsMinute, requestHash ?? null, day])
    return 'granted'
  }

  #add({ nullifier, requestHash }: Spending): 'granted' {
    const spent = this.#spent(nullifier)
    if (spent === undefined || requestHash === undefined) return 'granted'
    this.#database
      .prepare('UPDATE permit_spent SET request_hashes = ? WHERE nullifier = ?')
      .run([concatBytes(blob(spent, 'request_hashes'), requestHash), nullifier])
    return 'granted'
  }

  #spent(nullifier: Bytes): Row | undefined {
    return this.#database
      .prepare('SELECT * FROM permit_spent WHERE nullifier = ?')
      .get<Row>([nullifier])
  }
}

function holds(hashes: Bytes, hash: Bytes): boolean {
  for (let at = 0; at < hashes.length; at += REQUEST_HASH_BYTES)
    if (equalBytes(hashes.subarray(at, at + REQUEST_HASH_BYTES), hash)) return true
  return false
}
