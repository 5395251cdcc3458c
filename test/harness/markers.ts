import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A planted text found where it must not be. */
export interface Finding {
  readonly file: string
  readonly marker: string
  readonly encoding: string
}

/** Every file below `dir`, but those whose name is in `except`. */
export function filesBelow(dir: string, except: readonly string[] = []): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !except.includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

/**
 * Looks for each marker in contents and names of files: as it is, in lower and upper case, in
 * UTF-16, in hexadecimal, and in base64 at each of its three alignments.
 */
export function findMarkers(
  files: readonly string[],
  markers: readonly string[],
): readonly Finding[] {
  return files.flatMap((file) => {
    const bytes = Buffer.concat([readFileSync(file), Buffer.from(file)])
    return findInBytes(file, bytes, markers)
  })
}

/** The same for a text, such as a log. */
export function findInText(
  name: string,
  text: string,
  markers: readonly string[],
): readonly Finding[] {
  return findInBytes(name, Buffer.from(text), markers)
}

/** The same for bytes from wherever; `name` says whence. */
export function findInBytes(
  name: string,
  bytes: Buffer,
  markers: readonly string[],
): readonly Finding[] {
  return markers.flatMap((marker) =>
    formsOf(marker)
      .filter(([, form]) => bytes.includes(form))
      .map(([encoding]) => ({ file: name, marker, encoding })),
  )
}

function formsOf(marker: string): readonly (readonly [string, Buffer])[] {
  const raw = Buffer.from(marker)
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), raw]).toString('base64')
    // Only characters without bits of what stands beside the marker; but all of those: the first
    // four of a short one are found in random bytes, once in four thousand million places.
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + raw.length) * 8) / 6))
  })
  return [
    ['raw', raw],
    ['lower case', Buffer.from(marker.toLowerCase())],
    ['upper case', Buffer.from(marker.toUpperCase())],
    ['UTF-16 LE', Buffer.from(marker, 'utf16le')],
    ['UTF-16 BE', Buffer.from(marker, 'utf16le').swap16()],
    ['hex', Buffer.from(raw.toString('hex'))],
    ['HEX', Buffer.from(raw.toString('hex').toUpperCase())],
    ...base64.map((form, shift) => [`base64 +${String(shift)}`, Buffer.from(form)] as const),
    ...base64.map(
      (form, shift) =>
        [
          `base64url +${String(shift)}`,
          Buffer.from(form.replaceAll('+', '-').replaceAll('/', '_')),
        ] as const,
    ),
  ]
}
