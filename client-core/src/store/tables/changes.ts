import type { AccountId, Bytes, Change, DeviceId, MessageId } from '@sotto/protocol'
import { blob, integer, text, type Row, type Statements } from '../rows.js'
import { messageOf, type StoredMessage } from './messages.js'

/** A message by its author and id. */
type Named = Pick<StoredMessage, 'author' | 'id'>

/** What somebody thinks of a message. */
export interface StoredReaction {
  readonly account: AccountId
  readonly device: DeviceId
  /** Empty: taken back. */
  readonly emoji: string
  /** The clock of who reacted, Unix milliseconds. */
  readonly sentMs: number
}

/** A change that came before its message. */
export interface WaitingChange {
  readonly account: AccountId
  readonly device: DeviceId
  readonly kind: Change['kind']
  /** An encoded Content. */
  readonly content: Bytes
  /** Relay time. */
  readonly arrivalMs: number
}

/** What waits of one account at most: a sender of changes of nothing fills no disk. */
export const WAITING_MAX = 256

export class ChangesReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  /** Those that stand, oldest first. */
  reactionsTo({ author, id }: Named): readonly StoredReaction[] {
    return this.sql
      .all(
        `SELECT * FROM reaction WHERE author = ? AND message = ? AND emoji != ''
         ORDER BY sent_ms, account`,
        [author, id],
      )
      .map(reactionOf)
  }

  /** The one of an account, though it may be taken back; undefined: it never reacted. */
  reactionOf({ author, id }: Named, account: AccountId): StoredReaction | undefined {
    const row = this.sql.get(
      'SELECT * FROM reaction WHERE author = ? AND message = ? AND account = ?',
      [author, id, account],
    )
    return row === undefined ? undefined : reactionOf(row)
  }

  waitingFor({ author, id }: Named): readonly WaitingChange[] {
    return this.sql
      .all('SELECT * FROM change_waiting WHERE author = ? AND message = ? ORDER BY kind', [
        author,
        id,
      ])
      .map((row) => ({
        account: text(row, 'account') as AccountId,
        device: integer(row, 'device') as DeviceId,
        kind: text(row, 'kind') as Change['kind'],
        content: blob(row, 'content'),
        arrivalMs: integer(row, 'arrival_ms'),
      }))
  }

  /** Deleted here alone. */
  isGone({ author, id }: Named): boolean {
    const row = this.sql.get(
      'SELECT 1 AS some FROM message_gone WHERE author = ? AND message = ?',
      [author, id],
    )
    return row !== undefined
  }

  /** What an earlier sotto kept and could not read, oldest first. */
  toReadAgain(): readonly StoredMessage[] {
    return this.sql
      .all(
        `SELECT m.* FROM read_again r JOIN message m ON m.author = r.author AND m.id = r.message
         ORDER BY m.row`,
      )
      .map(messageOf)
  }
}

export class ChangesWriter extends ChangesReader {
  /** `revision` null: nobody else has seen the text before, so that it counts as the first one. */
  setBody(
    { author, id }: Named,
    body: string,
    written: { readonly revision: number; readonly editedMs: number } | null,
  ): void {
    this.sql.run('UPDATE message SET body = ? WHERE author = ? AND id = ?', [body, author, id])
    if (written !== null) this.noteEdited({ author, id }, written)
  }

  /** It is written anew already. */
  noteEdited(
    { author, id }: Named,
    { revision, editedMs }: { readonly revision: number; readonly editedMs: number },
  ): void {
    this.sql.run('UPDATE message SET revision = ?, edited_ms = ? WHERE author = ? AND id = ?', [
      ...[revision, editedMs],
      ...[author, id],
    ])
  }

  /** Nothing of it is left but its place. Whoever edits it has nothing to edit. */
  erase({ author, id }: Named): void {
    this.sql.run(
      `UPDATE message SET body = NULL, raw = NULL, reply_author = NULL, reply_id = NULL,
         edited_ms = NULL, deleted = 1, seen = 1, reacted = 0 WHERE author = ? AND id = ?`,
      [author, id],
    )
    this.#forget({ author, id })
  }

  /** Not even its place is left, and what comes of it later stays away. */
  remove({ author, id }: Named): void {
    this.drop({ author, id })
    this.sql.run('INSERT OR IGNORE INTO message_gone VALUES (?, ?)', [author, id])
    if (this.#isWrittenByOne(id)) {
      this.sql.run('DELETE FROM message_receipt WHERE message = ?', [id])
      this.sql.run('DELETE FROM message_failure WHERE message = ?', [id])
    }
  }

  /** As though it had never come. */
  drop({ author, id }: Named): void {
    this.sql.run('DELETE FROM message WHERE author = ? AND id = ?', [author, id])
    this.#forget({ author, id })
  }

  setReaction({ author, id }: Named, { account, device, emoji, sentMs }: StoredReaction): void {
    this.sql.run('INSERT OR REPLACE INTO reaction VALUES (?, ?, ?, ?, ?, ?)', [
      ...[author, id, account],
      ...[device, emoji, sentMs],
    ])
    this.sql.run('UPDATE message SET reacted = 1 WHERE author = ? AND id = ?', [author, id])
  }

  /**
   * In the place of an earlier one of its kind. Beyond WAITING_MAX of one account the oldest gives
   * way, deletes last.
   */
  wait({ author, id }: Named, waiting: WaitingChange): void {
    const { account, device, kind, content, arrivalMs } = waiting
    this.sql.run('INSERT OR REPLACE INTO change_waiting VALUES (?, ?, ?, ?, ?, ?, ?)', [
      ...[author, id, account, kind],
      ...[device, content, arrivalMs],
    ])
    this.sql.run(
      `DELETE FROM change_waiting WHERE (author, message, account, kind) IN (
         SELECT author, message, account, kind FROM change_waiting WHERE account = ?
         ORDER BY kind = 'delete' DESC, arrival_ms DESC, author, message, kind
         LIMIT -1 OFFSET ? + 0)`,
      [account, WAITING_MAX],
    )
  }

  forgetWaitingFor({ author, id }: Named): void {
    this.sql.run('DELETE FROM change_waiting WHERE author = ? AND message = ?', [author, id])
  }

  /** What came before that time. Their messages never will. */
  forgetWaiting(beforeMs: number): void {
    this.sql.run('DELETE FROM change_waiting WHERE arrival_ms < ?', [beforeMs])
  }

  forgetToReadAgain(): void {
    this.sql.run('DELETE FROM read_again')
  }

  #forget({ author, id }: Named): void {
    this.sql.run('DELETE FROM reaction WHERE author = ? AND message = ?', [author, id])
    this.forgetWaitingFor({ author, id })
  }

  /** Receipts and failures are of own messages, and named by the id alone. */
  #isWrittenByOne(id: MessageId): boolean {
    return this.sql.get('SELECT 1 AS some FROM message WHERE id = ? LIMIT 1', [id]) === undefined
  }
}

function reactionOf(row: Row): StoredReaction {
  return {
    account: text(row, 'account') as AccountId,
    device: integer(row, 'device') as DeviceId,
    emoji: text(row, 'emoji'),
    sentMs: integer(row, 'sent_ms'),
  }
}
