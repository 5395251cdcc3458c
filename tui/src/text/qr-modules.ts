import { encode } from 'uqr'

/** Rows of modules from the top, true where they are dark; without light ones around them. */
export type QrModules = readonly (readonly boolean[])[]

/** Light modules around a code (ISO/IEC 18004, section 6.3.8). */
export const QUIET_ZONE = 4

/** Undefined where the text is too long for any code. */
export function qrModules(content: string | Uint8Array): QrModules | undefined {
  try {
    const given = typeof content === 'string' ? content : [...content]
    return encode(given, { ecc: 'L', border: 0 }).data
  } catch {
    return undefined // It says so only by a RangeError of its own.
  }
}

/** With so many light modules around them, a line for every two rows: light is drawn, dark is left. */
export function qrLines(modules: QrModules, quiet: number): readonly string[] {
  const size = modules.length + 2 * quiet
  const isLight = (row: number, column: number): boolean =>
    row < size && modules[row - quiet]?.[column - quiet] !== true
  return Array.from({ length: Math.ceil(size / 2) }, (_, line) =>
    Array.from({ length: size }, (_, column) =>
      half(isLight(2 * line, column), isLight(2 * line + 1, column)),
    ).join(''),
  )
}

function half(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀'
  return lower ? '▄' : ' '
}
