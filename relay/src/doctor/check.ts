/** What one look found. */
export interface Check {
  readonly name: string
  readonly status: 'ok' | 'warning' | 'error'
  readonly message: string
  /** What to do about it; null: nothing. */
  readonly fix: string | null
}

/** What is said by one name. */
export interface Verdicts {
  readonly well: (message: string) => Check
  readonly warn: (message: string, fix: string) => Check
  readonly fail: (message: string, fix: string) => Check
}

export function verdictsOf(name: string): Verdicts {
  return {
    well: (message) => ({ name, status: 'ok', message, fix: null }),
    warn: (message, fix) => ({ name, status: 'warning', message, fix }),
    fail: (message, fix) => ({ name, status: 'error', message, fix }),
  }
}
