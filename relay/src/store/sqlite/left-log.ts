import { closeSync, openSync, readSync } from 'node:fs'
import { endianness } from 'node:os'
import { COMMITS_UNSYNCED_MAX } from './syncing.js'

/** https://sqlite.org/fileformat2.html, "The Write-Ahead Log". */
const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
/** Of a log that is summed by words whose lowest byte comes first; one more: whose highest. */
const MAGIC = 0x377f0682
/** What SQLite makes; asked for only where the log's own header cannot be read. */
const PAGE_BYTES = 4096
const PAGE_BYTES_MAX = 65_536

/** Two words, as signed ones: arithmetic on those is fast. */
interface Sum {
  readonly first: number
  readonly second: number
}

/** A frame, or the header, which the first frame goes on from. */
interface Part {
  readonly salts: string
  readonly sum: Sum
  /** The last frame of a commit. */
  readonly isCommit: boolean
}

/**
 * Whether the log at `path`, as a process left it, has commits behind the place where SQLite will
 * stop reading it, and which it would drop without a word though they had been promised. Each commit
 * that is promised is on disk before the next one begins, which goes on from its sums: what a crash
 * tears is the last of them, and before it COMMITS_UNSYNCED_MAX at most that nobody was promised. If
 * more than those are gone on from, each by the next, it was no crash. What several crashes tore may
 * lie behind each other, for a log goes on where the first had torn it: those do not add up.
 *
 * What a damage leaves too little behind of is not noticed: the end of a log cut off, a damage in
 * its last few commits.
 */
export function losesCommits(path: string): boolean {
  const log = openLog(path)
  if (log === undefined) return false
  try {
    return losesCommitsIn(log)
  } finally {
    closeSync(log)
  }
}

function losesCommitsIn(log: number): boolean {
  const header = readHeader(log)
  let isRead = header.part !== undefined
  let before = header.part
  let goneOnFrom = 0
  let goneOnFromMost = 0
  for (const frame of frames(log, header)) {
    // Frames from before the log was begun anew have other salts, and are in the database.
    const isOld = header.part !== undefined && header.part.salts !== frame.salts
    const goesOn =
      !isOld && before?.salts === frame.salts && isEqual(frame.sumAfter(before.sum), frame.sum)
    isRead &&= goesOn
    if (!goesOn) goneOnFrom = 0
    else if (!isRead && before?.isCommit === true) goneOnFrom++
    goneOnFromMost = Math.max(goneOnFromMost, goneOnFrom)
    before = { salts: frame.salts, sum: frame.sum, isCommit: frame.isCommit }
  }
  return goneOnFromMost > COMMITS_UNSYNCED_MAX
}

function openLog(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined // There is none; what else there may be, SQLite says at once.
  }
}

interface Header {
  /** Undefined: damaged, and SQLite reads no frame at all. */
  readonly part: Part | undefined
  readonly pageBytes: number
  readonly isNative: boolean
}

function readHeader(log: number): Header {
  const bytes = Buffer.alloc(HEADER_BYTES)
  readSync(log, bytes, 0, HEADER_BYTES, 0)
  const magic = bytes.readUInt32BE(0)
  const isNative = (magic === MAGIC) === (endianness() === 'LE')
  const sum = addTo({ first: 0, second: 0 }, bytes.subarray(0, 24), isNative)
  const pageBytes = bytes.readUInt32BE(8)
  const isWhole =
    (magic & ~1) === MAGIC && isEqual(sum, sumAt(bytes, 24)) && pageBytes <= PAGE_BYTES_MAX
  if (!isWhole) return { part: undefined, pageBytes: PAGE_BYTES, isNative: true }
  return { part: { salts: saltsAt(bytes, 16), sum, isCommit: false }, pageBytes, isNative }
}

function* frames(log: number, { pageBytes, isNative }: Header) {
  const length = FRAME_HEADER_BYTES + pageBytes
  const bytes = Buffer.alloc(length)
  for (let at = HEADER_BYTES; readSync(log, bytes, 0, length, at) === length; at += length) {
    yield {
      salts: saltsAt(bytes, 8),
      sum: sumAt(bytes, 16),
      isCommit: bytes.readUInt32BE(4) !== 0,
      sumAfter: (before: Sum): Sum => {
        const sum = addTo(before, bytes.subarray(0, 8), isNative)
        return addTo(sum, bytes.subarray(FRAME_HEADER_BYTES), isNative)
      },
    }
  }
}

function addTo(sum: Sum, bytes: Buffer, isNative: boolean): Sum {
  const ordered = isNative ? bytes : Buffer.from(bytes).swap32()
  const words = new Int32Array(ordered.buffer, ordered.byteOffset, ordered.length / 4)
  let { first, second } = sum
  for (let at = 0; at < words.length; at += 2) {
    first = (first + (words[at] ?? 0) + second) | 0
    second = (second + (words[at + 1] ?? 0) + first) | 0
  }
  return { first, second }
}

function saltsAt(bytes: Buffer, at: number): string {
  return bytes.toString('hex', at, at + 8)
}

function sumAt(bytes: Buffer, at: number): Sum {
  return { first: bytes.readInt32BE(at), second: bytes.readInt32BE(at + 4) }
}

function isEqual(one: Sum, other: Sum): boolean {
  return one.first === other.first && one.second === other.second
}
