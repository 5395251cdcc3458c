import { integer, text, type Statements } from '../rows.js'

/** What a person has set, in the words of whoever shows it. */
export interface StoredSetting {
  readonly name: string
  readonly value: string
}

export class SettingsReader {
  protected readonly sql: Statements

  constructor(sql: Statements) {
    this.sql = sql
  }

  /** By name. */
  all(): readonly StoredSetting[] {
    return this.sql.all('SELECT * FROM setting ORDER BY name').map((row) => ({
      name: text(row, 'name'),
      value: text(row, 'value'),
    }))
  }

  /** Empty: it is not set. */
  valueOf(name: string): string {
    const row = this.sql.get('SELECT value FROM setting WHERE name = ?', [name])
    return row === undefined ? '' : text(row, 'value')
  }

  countOthers(name: string): number {
    const row = this.sql.get('SELECT count(*) AS others FROM setting WHERE name <> ?', [name])
    return row === undefined ? 0 : integer(row, 'others')
  }
}

export class SettingsWriter extends SettingsReader {
  save({ name, value }: StoredSetting): void {
    this.sql.run('INSERT OR REPLACE INTO setting VALUES (?, ?)', [name, value])
  }

  forget(name: string): void {
    this.sql.run('DELETE FROM setting WHERE name = ?', [name])
  }
}
