// SQLite's write-ahead log (https://sqlite.org/fileformat2.html, "The Write-Ahead Log"), as both the
// relay and a client keep one: what a process left of it, looked at without SQLite.

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
/** Of a log that is summed by words whose lowest byte comes first; one more: whose highest. */
const MAGIC = 0x377f0682
/** What SQLite makes; asked for only where the log's own header cannot be read. */
const PAGE_BYTES = 4096
const PAGE_BYTES_MAX = 65_536

/** The bytes of a log from `at` on: `length` of them, or fewer where it ends. */
export type ReadLog = (at: number, length: number) => Uint8Array

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

interface Frame extends Part {
  readonly sumAfter: (before: Sum) => Sum
}

/** How many frames SQLite will read: all up to the last commit before the first wrong sum. */
export function committedFrames(read: ReadLog): number {
  const header = readHeader(read)
  let before = header.part
  let committed = 0
  let count = 0
  for (const frame of frames(read, header, 0)) {
    if (before === undefined || !goesOnFrom(frame, before)) break
    count++
    if (frame.isCommit) committed = count
    before = frame
  }
  return committed
}

/** How long a log is that ends after so many frames. */
export function logBytes(read: ReadLog, frames: number): number {
  return HEADER_BYTES + frames * (FRAME_HEADER_BYTES + readHeader(read).pageBytes)
}

/**
 * Whether a log, as a process left it, has commits behind the `committed` frames that SQLite reads of
 * it, and which it would drop without a word though they had been promised. Each commit that is
 * promised is on disk before the next one begins, which goes on from its sums: what a crash tears is
 * the last of them, and before it `unsyncedMax` at most that nobody was promised. If more than those
 * are gone on from, each by the next, it was no crash. What several crashes tore may lie behind each
 * other, for a log goes on where the first had torn it: those do not add up.
 *
 * What a damage leaves too little behind of is not noticed: the end of a log cut off, a damage in
 * its last few commits.
 */
export function losesCommits(
  read: ReadLog,
  { committed, unsyncedMax }: { readonly committed: number; readonly unsyncedMax: number },
): boolean {
  const header = readHeader(read)
  let before: Part | undefined
  let goneOnFrom = 0
  for (const frame of frames(read, header, committed)) {
    // Frames from before the log was begun anew have other salts, and are in the database.
    const isOld = header.part !== undefined && header.part.salts !== frame.salts
    const goesOn = !isOld && before !== undefined && goesOnFrom(frame, before)
    if (!goesOn) goneOnFrom = 0
    else if (before?.isCommit === true) goneOnFrom++
    if (goneOnFrom > unsyncedMax) return true
    before = frame
  }
  return false
}

function goesOnFrom(frame: Frame, before: Part): boolean {
  return before.salts === frame.salts && isEqual(frame.sumAfter(before.sum), frame.sum)
}

interface Header {
  /** Undefined: damaged, and SQLite reads no frame at all. */
  readonly part: Part | undefined
  readonly pageBytes: number
  /** How the words lie that are summed; all others have their highest byte first. */
  readonly lowestFirst: boolean
}

function readHeader(read: ReadLog): Header {
  const view = viewOf(padded(read(0, HEADER_BYTES), HEADER_BYTES))
  const magic = view.getUint32(0)
  const lowestFirst = magic === MAGIC
  const sum = addTo({ first: 0, second: 0 }, part(view, 0, 24), lowestFirst)
  const pageBytes = view.getUint32(8)
  const isWhole =
    (magic & ~1) === MAGIC && isEqual(sum, sumAt(view, 24)) && pageBytes <= PAGE_BYTES_MAX
  if (!isWhole) return { part: undefined, pageBytes: PAGE_BYTES, lowestFirst: true }
  return { part: { salts: saltsAt(view, 16), sum, isCommit: false }, pageBytes, lowestFirst }
}

function* frames(
  read: ReadLog,
  { pageBytes, lowestFirst }: Header,
  from: number,
): Generator<Frame> {
  const length = FRAME_HEADER_BYTES + pageBytes
  for (let at = HEADER_BYTES + from * length; ; at += length) {
    const bytes = read(at, length)
    if (bytes.length < length) return
    const view = viewOf(bytes)
    yield {
      salts: saltsAt(view, 8),
      sum: sumAt(view, 16),
      isCommit: view.getUint32(4) !== 0,
      sumAfter: (before) => {
        const sum = addTo(before, part(view, 0, 8), lowestFirst)
        return addTo(sum, part(view, FRAME_HEADER_BYTES, pageBytes), lowestFirst)
      },
    }
  }
}

function addTo(sum: Sum, words: DataView, lowestFirst: boolean): Sum {
  let { first, second } = sum
  for (let at = 0; at < words.byteLength; at += 8) {
    first = (first + words.getInt32(at, lowestFirst) + second) | 0
    second = (second + words.getInt32(at + 4, lowestFirst) + first) | 0
  }
  return { first, second }
}

function saltsAt(view: DataView, at: number): string {
  return `${view.getUint32(at)} ${view.getUint32(at + 4)}`
}

function sumAt(view: DataView, at: number): Sum {
  return { first: view.getInt32(at), second: view.getInt32(at + 4) }
}

function isEqual(one: Sum, other: Sum): boolean {
  return one.first === other.first && one.second === other.second
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function part(view: DataView, at: number, length: number): DataView {
  return new DataView(view.buffer, view.byteOffset + at, length)
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length)
  whole.set(bytes)
  return whole
}
