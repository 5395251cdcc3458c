import type { ConversationId, MessageId } from '@sotto/protocol'
import { text, type Statements } from '../rows.js'

/** What is being written in a conversation, in the words of whoever shows it. */
export interface StoredDraft {
  readonly conversation: ConversationId
  readonly draft: string
}

export class DraftsReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  all(): readonly StoredDraft[] {
    return this.sql.all('SELECT * FROM draft').map((row) => ({
      conversation: text(row, 'conversation') as ConversationId,
      draft: text(row, 'draft'),
    }))
  }
}

export class DraftsWriter extends DraftsReader {
  save({ conversation, draft }: StoredDraft): void {
    this.sql.run('INSERT OR REPLACE INTO draft VALUES (?, ?)', [conversation, draft])
  }

  /** Of an edit: what a message said is in it. */
  forgetEdit(message: MessageId): void {
    this.sql.run(
      `DELETE FROM draft WHERE json_valid(draft) AND json_extract(draft, '$.edits') = ?`,
      [message],
    )
  }

  forget(conversation: ConversationId): void {
    this.sql.run('DELETE FROM draft WHERE conversation = ?', [conversation])
  }
}
