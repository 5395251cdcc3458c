import type {
  AccountId,
  Bytes,
  Change,
  DeviceId,
  ErrorObject,
  MessageId,
  RegistrationId,
} from '@sotto/protocol'
import { KeptAnswer } from '../row-cache.js'
import {
  blob,
  integer,
  integerOrNull,
  text,
  textOrNull,
  type Row,
  type Statements,
  type Value,
} from '../rows.js'

/** A `request` is a text that was sealed without the recipient's access key, with our profile in it. */
export type OutboxKind =
  'text' | 'request' | 'receipt' | 'profile' | 'decryption-error' | Change['kind']

/** A content to be sent to one account. */
export interface OutboxRow {
  readonly row: number
  readonly recipient: AccountId
  readonly kind: OutboxKind
  /** An encoded Content without its manifest, which is added when sealing. */
  readonly content: Bytes
  /** The message it carries, where it carries one. */
  readonly message: MessageId | null
  /** The message that it changes, or carries once more. */
  readonly target: MessageId | null
  readonly state: 'queued' | 'sealed'
  /** Submissions that failed. */
  readonly attempts: number
  /** Not tried before this local time. */
  readonly nextMs: number
  /** Relay time, by which a row that gets too old expires; 0: not known yet. */
  readonly createdMs: number
  /** What could not be opened, once more: it is not sent a third time. */
  readonly resend: boolean
  /** Why the last attempt failed. */
  readonly error: ErrorObject | null
}

export type NewOutboxRow = Pick<
  OutboxRow,
  'recipient' | 'kind' | 'content' | 'message' | 'target' | 'createdMs' | 'resend'
>

/** One sealing of an outbox row, for one device: the bytes that are submitted until accepted. */
export interface OutboxEnvelope {
  readonly account: AccountId
  readonly device: DeviceId
  readonly registrationId: RegistrationId
  /** Serialised unidentified sender message: ratchet ciphertext, its type, certificate. */
  readonly ratcheted: Bytes
  /** Of this sealing attempt; the idempotency key is derived from it. */
  readonly secret: Bytes
  /** What goes on the wire. */
  readonly body: Bytes
  readonly certificateExpiresMs: number
}

export interface ReceiptsDue {
  readonly recipient: AccountId
  readonly type: 'delivered' | 'read'
  readonly messages: readonly MessageId[]
}

export interface RememberedSend {
  readonly contentHash: Bytes
  /** JSON: the recipients with their message ids. */
  readonly messages: string
}

/** For whom something waits, and when the next receipt is due: asked for after every commit. */
export class OutboxAnswers {
  readonly recipients = new KeptAnswer<readonly AccountId[]>()
  readonly nextReceiptMs = new KeptAnswer<number | undefined>()

  forgetAll(): void {
    this.recipients.forget()
    this.nextReceiptMs.forget()
  }
}

export class OutboxReader {
  protected readonly sql: Statements
  protected readonly known: OutboxAnswers

  constructor(sql: Statements, known: OutboxAnswers) {
    this.sql = sql
    this.known = known
  }

  /** The oldest row of a recipient: rows of one recipient go out in order. */
  oldestOf(recipient: AccountId): OutboxRow | undefined {
    const row = this.sql.get('SELECT * FROM outbox WHERE recipient = ? ORDER BY row LIMIT 1', [
      recipient,
    ])
    return row === undefined ? undefined : outboxRow(row)
  }

  /** Oldest first. */
  ofRecipient(recipient: AccountId): readonly OutboxRow[] {
    return this.sql
      .all('SELECT * FROM outbox WHERE recipient = ? ORDER BY row', [recipient])
      .map(outboxRow)
  }

  row(row: number): OutboxRow | undefined {
    const found = this.sql.get('SELECT * FROM outbox WHERE row = ?', [row])
    return found === undefined ? undefined : outboxRow(found)
  }

  ofMessage(message: MessageId): OutboxRow | undefined {
    const row = this.sql.get('SELECT * FROM outbox WHERE message = ?', [message])
    return row === undefined ? undefined : outboxRow(row)
  }

  /** What changes a message or carries it once more, oldest first. */
  ofTarget(target: MessageId): readonly OutboxRow[] {
    return this.sql
      .all('SELECT * FROM outbox WHERE target = ? ORDER BY row', [target])
      .map(outboxRow)
  }

  recipients(): readonly AccountId[] {
    return this.known.recipients.get(() =>
      this.sql
        .all('SELECT DISTINCT recipient FROM outbox')
        .map((row) => text(row, 'recipient') as AccountId),
    )
  }

  /** Rows that carry a message, oldest first. */
  messages(): readonly OutboxRow[] {
    return this.sql
      .all('SELECT * FROM outbox WHERE message IS NOT NULL ORDER BY row')
      .map(outboxRow)
  }

  /** What waits of one kind for a recipient, oldest first. */
  ofKind(recipient: AccountId, kind: OutboxKind): readonly OutboxRow[] {
    return this.sql
      .all('SELECT * FROM outbox WHERE recipient = ? AND kind = ? ORDER BY row', [recipient, kind])
      .map(outboxRow)
  }

  /** All that waits of one kind. */
  everyOfKind(kind: OutboxKind): readonly OutboxRow[] {
    return this.sql.all('SELECT * FROM outbox WHERE kind = ? ORDER BY row', [kind]).map(outboxRow)
  }

  /** How many rows of a kind wait for one recipient. */
  countPending(recipient: AccountId, kind: OutboxKind): number {
    const row = this.sql.get(
      'SELECT COUNT(*) AS count FROM outbox WHERE recipient = ? AND kind = ?',
      [recipient, kind],
    )
    return row === undefined ? 0 : integer(row, 'count')
  }

  isEmpty(): boolean {
    return this.sql.get('SELECT 1 AS some FROM outbox LIMIT 1') === undefined
  }

  envelopes(row: number): readonly OutboxEnvelope[] {
    return this.sql
      .all('SELECT * FROM outbox_envelope WHERE outbox = ? ORDER BY account, device', [row])
      .map(envelopeOf)
  }

  /**
   * Recipients and types with a receipt whose moment has come, each with all it has waiting. One
   * that would wait for longer than `delayMsMax` is due too: the clock has gone back since.
   */
  receiptsDue(nowMs: number, delayMsMax: number): readonly ReceiptsDue[] {
    if (this.nextReceiptMs() === undefined) return []
    return this.sql
      .all(
        `SELECT recipient, type FROM receipt_due GROUP BY recipient, type
         HAVING MIN(due_ms) <= ? OR MAX(due_ms) > ?`,
        [nowMs, nowMs + delayMsMax],
      )
      .map((row) => {
        const recipient = text(row, 'recipient')
        const type = text(row, 'type')
        const messages = this.sql
          .all(
            'SELECT message FROM receipt_due WHERE recipient = ? AND type = ? ORDER BY due_ms LIMIT 1000',
            [recipient, type],
          )
          .map((due) => text(due, 'message') as MessageId)
        return {
          recipient: recipient as AccountId,
          type: type === 'read' ? 'read' : 'delivered',
          messages,
        }
      })
  }

  /** When the next receipt is due; undefined: none waits. */
  nextReceiptMs(): number | undefined {
    return this.known.nextReceiptMs.get(() => {
      const row = this.sql.get('SELECT MIN(due_ms) AS due FROM receipt_due')
      return row === undefined ? undefined : (integerOrNull(row, 'due') ?? undefined)
    })
  }

  sendKey(key: string): RememberedSend | undefined {
    const row = this.sql.get('SELECT content_hash, messages FROM send_key WHERE key = ?', [key])
    return row === undefined
      ? undefined
      : { contentHash: blob(row, 'content_hash'), messages: text(row, 'messages') }
  }
}

export class OutboxWriter extends OutboxReader {
  add(row: NewOutboxRow): number {
    this.known.recipients.forget()
    return this.sql.insert(
      `INSERT INTO outbox (recipient, kind, content, message, target, state, created_ms, resend)
       VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)`,
      valuesOf(row),
    )
  }

  /** Before everything that waits. */
  addFirst(row: NewOutboxRow): void {
    this.known.recipients.forget()
    this.sql.run(
      `INSERT INTO outbox (row, recipient, kind, content, message, target, state, created_ms, resend)
       VALUES ((SELECT MIN(0, COALESCE(MIN(row), 0)) - 1 FROM outbox), ?, ?, ?, ?, ?, 'queued', ?, ?)`,
      valuesOf(row),
    )
  }

  saveEnvelopes(row: number, envelopes: readonly OutboxEnvelope[]): void {
    for (const envelope of envelopes) {
      this.sql.run('INSERT OR REPLACE INTO outbox_envelope VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
        row,
        envelope.account,
        envelope.device,
        envelope.registrationId,
        envelope.ratcheted,
        envelope.secret,
        envelope.body,
        envelope.certificateExpiresMs,
      ])
    }
    this.sql.run(`UPDATE outbox SET state = 'sealed' WHERE row = ?`, [row])
  }

  /** From here on its age counts. */
  setCreated(row: number, createdMs: number): void {
    this.sql.run('UPDATE outbox SET created_ms = ? WHERE row = ?', [createdMs, row])
  }

  /** What the row was sealed as. */
  setContent(row: number, sealed: Pick<OutboxRow, 'kind' | 'content'>): void {
    this.sql.run('UPDATE outbox SET kind = ?, content = ? WHERE row = ?', [
      sealed.kind,
      sealed.content,
      row,
    ])
  }

  /** Whatever it carried, this goes in its place, as far as it is not sealed; it changes nothing of its own. */
  replaceWithDelete(row: number, told: Bytes): void {
    this.sql.run(`UPDATE outbox SET kind = 'delete', content = ?, target = NULL WHERE row = ?`, [
      ...[told, row],
    ])
  }

  removeEnvelope(row: number, account: AccountId, device: DeviceId): void {
    this.sql.run('DELETE FROM outbox_envelope WHERE outbox = ? AND account = ? AND device = ?', [
      row,
      account,
      device,
    ])
  }

  postpone(row: number, nextMs: number, error: ErrorObject): void {
    this.sql.run(
      'UPDATE outbox SET attempts = attempts + 1, next_ms = ?, error = ? WHERE row = ?',
      [nextMs, JSON.stringify(error), row],
    )
  }

  /** Whatever waits for its next attempt may be tried at once: the relay has just been reached. */
  hasten(): void {
    this.sql.run('UPDATE outbox SET next_ms = 0 WHERE next_ms > 0')
  }

  /** The same for one recipient. */
  hastenRecipient(recipient: AccountId): void {
    this.sql.run('UPDATE outbox SET next_ms = 0 WHERE recipient = ?', [recipient])
  }

  remove(row: number): void {
    this.known.recipients.forget()
    this.sql.run('DELETE FROM outbox_envelope WHERE outbox = ?', [row])
    this.sql.run('DELETE FROM outbox WHERE row = ?', [row])
  }

  addReceiptDue(receipt: {
    readonly recipient: AccountId
    readonly type: 'delivered' | 'read'
    readonly message: MessageId
    readonly dueMs: number
  }): void {
    this.known.nextReceiptMs.forget()
    this.sql.run('INSERT INTO receipt_due VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', [
      receipt.recipient,
      receipt.type,
      receipt.message,
      receipt.dueMs,
    ])
  }

  removeReceiptsDue(due: ReceiptsDue): void {
    this.known.nextReceiptMs.forget()
    for (const message of due.messages) {
      this.sql.run('DELETE FROM receipt_due WHERE recipient = ? AND type = ? AND message = ?', [
        due.recipient,
        due.type,
        message,
      ])
    }
  }

  forgetReceiptsDue(recipient: AccountId): void {
    this.known.nextReceiptMs.forget()
    this.sql.run('DELETE FROM receipt_due WHERE recipient = ?', [recipient])
  }

  /** None of these leaves, whomever it is for. */
  forgetReceiptsOfType(type: ReceiptsDue['type']): void {
    this.known.nextReceiptMs.forget()
    this.sql.run('DELETE FROM receipt_due WHERE type = ?', [type])
  }

  rememberSend(key: string, send: RememberedSend, nowMs: number): void {
    this.sql.run('INSERT OR REPLACE INTO send_key VALUES (?, ?, ?, ?)', [
      key,
      send.contentHash,
      send.messages,
      nowMs,
    ])
  }

  forgetSends(beforeMs: number): void {
    this.sql.run('DELETE FROM send_key WHERE created_ms < ?', [beforeMs])
  }
}

function valuesOf(row: NewOutboxRow): readonly Value[] {
  const { recipient, kind, content, message, target, createdMs, resend } = row
  return [recipient, kind, content, message, target, createdMs, resend ? 1 : 0]
}

function outboxRow(row: Row): OutboxRow {
  return {
    row: integer(row, 'row'),
    recipient: text(row, 'recipient') as AccountId,
    kind: text(row, 'kind') as OutboxKind,
    content: blob(row, 'content'),
    message: textOrNull(row, 'message') as MessageId | null,
    target: textOrNull(row, 'target') as MessageId | null,
    state: text(row, 'state') === 'sealed' ? 'sealed' : 'queued',
    attempts: integer(row, 'attempts'),
    nextMs: integer(row, 'next_ms'),
    createdMs: integer(row, 'created_ms'),
    resend: integer(row, 'resend') === 1,
    error: errorOf(row),
  }
}

function errorOf(row: Row): ErrorObject | null {
  const error = textOrNull(row, 'error')
  return error === null ? null : (JSON.parse(error) as ErrorObject)
}

function envelopeOf(row: Row): OutboxEnvelope {
  return {
    account: text(row, 'account') as AccountId,
    device: integer(row, 'device') as DeviceId,
    registrationId: integer(row, 'registration_id') as RegistrationId,
    ratcheted: blob(row, 'ratcheted'),
    secret: blob(row, 'secret'),
    body: blob(row, 'body'),
    certificateExpiresMs: integer(row, 'certificate_expires_ms'),
  }
}
