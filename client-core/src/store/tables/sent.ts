import type { AccountId, Bytes, DeviceId, MessageId } from '@sotto/protocol'
import type { KeptAnswer } from '../row-cache.js'
import {
  blob,
  integer,
  integerOrNull,
  text,
  textOrNull,
  type Row,
  type Statements,
} from '../rows.js'
import type { OutboxKind } from './outbox.js'

/** A content that the relay has accepted, kept for a while for a device that cannot open it. */
export interface SentContent {
  readonly row: number
  readonly recipient: AccountId
  readonly kind: OutboxKind
  /** As the outbox had it. */
  readonly content: Bytes
  readonly message: MessageId | null
  /** The message that it changes. */
  readonly target: MessageId | null
}

/** What may have to go again, with the row under which it was kept first. */
export interface Lost extends SentContent {
  readonly firstRow: number
}

/** One device that it was sealed for. */
export interface SentEnvelope {
  /** SHA-256 of the ratchet message. */
  readonly digest: Bytes
  readonly account: AccountId
  readonly device: DeviceId
}

/** A decryption error that is answered later. */
export interface PostponedError extends SentEnvelope {
  /** libsignal's DecryptionErrorMessage. */
  readonly error: Bytes
  /** Relay time. */
  readonly dueMs: number
}

/** When the next postponed error falls due: asked for after every commit. */
export type NextErrorAnswer = KeptAnswer<number | undefined>

export class SentReader {
  protected readonly sql: Statements
  protected readonly nextError: NextErrorAnswer

  constructor(sql: Statements, nextError: NextErrorAnswer) {
    this.sql = sql
    this.nextError = nextError
  }

  /** What went to exactly this device in the ratchet message with this digest. */
  byEnvelope(envelope: SentEnvelope): SentContent | undefined {
    const row = this.sql.get(
      `SELECT s.* FROM sent_envelope e JOIN sent s ON s.row = e.sent
       WHERE e.digest = ? AND e.account = ? AND e.device = ?`,
      [envelope.digest, envelope.account, envelope.device],
    )
    return row === undefined ? undefined : sentContent(row)
  }

  wasResent(sent: number, to: Pick<SentEnvelope, 'account' | 'device'>): boolean {
    const row = this.sql.get(
      `SELECT 1 AS some FROM sent_envelope
       WHERE sent = ? AND account = ? AND device = ? AND resent = 1 LIMIT 1`,
      [sent, to.account, to.device],
    )
    return row !== undefined
  }

  /** When a contact was given our profile again; undefined: not lately. */
  introducedMs(account: AccountId): number | undefined {
    const row = this.sql.get('SELECT at_ms FROM introduced WHERE account = ?', [account])
    return row === undefined ? undefined : integer(row, 'at_ms')
  }

  /** When the session with the device was given up last; undefined: not lately. */
  resetMs(account: AccountId, device: DeviceId): number | undefined {
    const row = this.sql.get('SELECT at_ms FROM session_reset WHERE account = ? AND device = ?', [
      account,
      device,
    ])
    return row === undefined ? undefined : integer(row, 'at_ms')
  }

  /** Errors whose time has come, what was sent first before what was sent later. */
  errorsDue(nowMs: number): readonly PostponedError[] {
    const nextMs = this.nextErrorMs()
    if (nextMs === undefined || nextMs > nowMs) return []
    return this.sql
      .all(
        `SELECT p.* FROM error_postponed p LEFT JOIN sent_envelope e ON e.digest = p.digest
         WHERE p.due_ms <= ? ORDER BY e.sent`,
        [nowMs],
      )
      .map((row) => ({
        digest: blob(row, 'digest'),
        account: text(row, 'account') as AccountId,
        device: integer(row, 'device') as DeviceId,
        error: blob(row, 'error'),
        dueMs: integer(row, 'due_ms'),
      }))
  }

  /** When the next postponed error falls due; undefined: none waits. */
  nextErrorMs(): number | undefined {
    return this.nextError.get(() => {
      const row = this.sql.get('SELECT MIN(due_ms) AS ms FROM error_postponed')
      return row === undefined ? undefined : (integerOrNull(row, 'ms') ?? undefined)
    })
  }

  /**
   * Own messages that the relay has accepted and nobody was seen to receive, each as it was sent last
   * and at most `timesMax` times, those that were written last first.
   */
  undelivered(own: AccountId, timesMax: number): readonly Lost[] {
    return this.sql
      .all(
        `SELECT s.*, MAX(s.row), MIN(s.row) AS first_row FROM sent s JOIN message m ON m.author = ? AND m.id = s.message
         WHERE m.status = 'accepted' AND s.kind IN ('text', 'request') GROUP BY s.message HAVING COUNT(*) <= ?
         ORDER BY MIN(s.row) DESC`,
        [own, timesMax],
      )
      .map(lost)
  }

  /**
   * Changes that the relay has accepted since, each at most `timesMax` times. Nobody says that a change
   * has arrived, and one that comes twice does nothing.
   */
  changes(timesMax: number): readonly Lost[] {
    return this.sql
      .all(
        `SELECT *, MIN(row) AS first_row FROM sent
         WHERE kind IN ('reaction', 'edit', 'delete') AND message IS NULL
         GROUP BY recipient, content HAVING COUNT(*) <= ? ORDER BY MIN(row) DESC`,
        [timesMax],
      )
      .map(lost)
  }

  /** Whether the relay has lately accepted just this change. */
  hasChange({ kind, target, content }: Pick<SentContent, 'kind' | 'target' | 'content'>): boolean {
    const row = this.sql.get(
      'SELECT 1 AS some FROM sent WHERE target = ? AND kind = ? AND content = ? LIMIT 1',
      [target, kind, content],
    )
    return row !== undefined
  }

  count(): number {
    return integer(this.sql.get('SELECT COUNT(*) AS count FROM sent') ?? { count: 0 }, 'count')
  }
}

export class SentWriter extends SentReader {
  add(
    sent: Omit<SentContent, 'row'> & { readonly acceptedMs: number },
    envelopes: readonly SentEnvelope[],
  ): void {
    const row = this.sql.insert(
      'INSERT INTO sent (recipient, kind, content, message, target, accepted_ms) VALUES (?, ?, ?, ?, ?, ?)',
      [sent.recipient, sent.kind, sent.content, sent.message, sent.target, sent.acceptedMs],
    )
    for (const { digest, account, device } of envelopes) {
      this.sql.run(
        'INSERT INTO sent_envelope (digest, sent, account, device) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
        [digest, row, account, device],
      )
    }
  }

  markResent(sent: number, to: Pick<SentEnvelope, 'account' | 'device'>): void {
    this.sql.run(
      'UPDATE sent_envelope SET resent = 1 WHERE sent = ? AND account = ? AND device = ?',
      [sent, to.account, to.device],
    )
  }

  noteReset(account: AccountId, device: DeviceId, atMs: number): void {
    this.sql.run('INSERT OR REPLACE INTO session_reset VALUES (?, ?, ?)', [account, device, atMs])
  }

  /** The first stays where it waits already. */
  postponeError({ digest, account, device, error, dueMs }: PostponedError): void {
    this.nextError.forget()
    this.sql.run('INSERT INTO error_postponed VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING', [
      ...[digest, account, device],
      ...[error, dueMs],
    ])
  }

  removePostponed(digest: Bytes): void {
    this.nextError.forget()
    this.sql.run('DELETE FROM error_postponed WHERE digest = ?', [digest])
  }

  noteIntroduced(account: AccountId, atMs: number): void {
    this.sql.run('INSERT OR REPLACE INTO introduced VALUES (?, ?)', [account, atMs])
  }

  /** A message that is gone here is sent to nobody again, in none of its texts. */
  removeMessage(message: MessageId): void {
    this.#removeWhere('message = ?', message)
    this.#removeWhere(`kind = 'edit' AND target = ?`, message)
  }

  /** Whoever could not open a text of the message is told this in its place. */
  replaceTexts(message: MessageId, told: Bytes): void {
    this.sql.run(
      `UPDATE sent SET kind = 'delete', content = ?, message = ?, target = NULL
       WHERE message = ? OR (kind = 'edit' AND target = ?)`,
      [told, message, message, message],
    )
  }

  forget(beforeMs: number): void {
    this.nextError.forget()
    this.#removeWhere('accepted_ms < ?', beforeMs)
    this.sql.run('DELETE FROM session_reset WHERE at_ms < ?', [beforeMs])
    this.sql.run('DELETE FROM introduced WHERE at_ms < ?', [beforeMs])
    this.sql.run('DELETE FROM error_postponed WHERE due_ms < ?', [beforeMs])
  }

  #removeWhere(condition: string, value: string | number): void {
    this.sql.run(
      `DELETE FROM sent_envelope WHERE sent IN (SELECT row FROM sent WHERE ${condition})`,
      [value],
    )
    this.sql.run(`DELETE FROM sent WHERE ${condition}`, [value])
  }
}

function lost(row: Row): Lost {
  return { ...sentContent(row), firstRow: integer(row, 'first_row') }
}

function sentContent(row: Row): SentContent {
  return {
    row: integer(row, 'row'),
    recipient: text(row, 'recipient') as AccountId,
    kind: text(row, 'kind') as OutboxKind,
    content: blob(row, 'content'),
    message: textOrNull(row, 'message') as MessageId | null,
    target: textOrNull(row, 'target') as MessageId | null,
  }
}
