import { FIRST } from './0001-first.js'

/** In order; the database's user_version says how many have run. Never edited, only added to. */
export const MIGRATIONS: readonly string[] = [FIRST]
