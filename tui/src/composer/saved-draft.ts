import { Buffer } from 'node:buffer'

import { TEXT_BYTES_MAX } from '@sotto/protocol'

import { CHIPS_MAX } from './chips.js'
import { type Draft, placeCursor, plainFragment } from './draft.js'
import type { Chip } from './fragment.js'

/** Of what this version writes. */
const VERSION = 1
/** JSON makes at most six characters of one; a chip takes fewer than 64. */
export const SAVED_LENGTH_MAX = 6 * TEXT_BYTES_MAX + 64 * CHIPS_MAX + 256

/** What came of reading a saved draft. */
export type SavedDraft =
  | { readonly kind: 'draft'; readonly draft: Draft }
  /** A later sotto wrote it: leave it as it is. */
  | { readonly kind: 'newer' }
  /** It is none, or it is too long. */
  | { readonly kind: 'broken' }

/** A draft to be kept: text, chips and the cursor, and not what is selected. It is not encrypted. */
export function serialiseDraft({ text, chips, cursor }: Draft): string {
  const places = chips.map(({ start, end, confirmed }) => [start, end, confirmed])
  return JSON.stringify({ version: VERSION, text, cursor, chips: places })
}

/** Reads what `serialiseDraft` wrote, and answers to anything else without throwing. */
export function parseDraft(saved: string): SavedDraft {
  const value = saved.length > SAVED_LENGTH_MAX ? undefined : parseJson(saved)
  if (!isRecord(value)) return { kind: 'broken' }
  if (typeof value.version === 'number' && value.version > VERSION) return { kind: 'newer' }
  const { version, text, cursor } = value
  if (version !== VERSION || !isSendable(text) || !Number.isSafeInteger(cursor)) {
    return { kind: 'broken' }
  }
  const chips = parseChips(value.chips, text.length)
  if (chips === undefined) return { kind: 'broken' }
  return { kind: 'draft', draft: placeCursor({ text, chips }, Number(cursor)) }
}

function isSendable(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    plainFragment(text).text === text &&
    Buffer.byteLength(text) <= TEXT_BYTES_MAX
  )
}

/** In order and without overlap, or not at all. */
function parseChips(value: unknown, length: number): readonly Chip[] | undefined {
  if (!Array.isArray(value) || value.length > CHIPS_MAX) return undefined
  const chips: Chip[] = []
  let from = 0
  for (const place of value as readonly unknown[]) {
    const chip = parseChip(place)
    if (chip === undefined || chip.start < from || chip.end > length) return undefined
    chips.push(chip)
    from = chip.end
  }
  return chips
}

function parseChip(value: unknown): Chip | undefined {
  if (!Array.isArray(value)) return undefined
  const [start, end, confirmed] = value as readonly unknown[]
  if (!isOffset(start) || !isOffset(end) || typeof confirmed !== 'boolean') return undefined
  return start < end ? { start, end, confirmed } : undefined
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // No draft of ours: the same as none.
  }
}
