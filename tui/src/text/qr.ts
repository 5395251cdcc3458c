import type { Paint } from './paint.js'

/** Light modules around the code (ISO/IEC 18004, section 6.3.8). */
const QUIET_ZONE = 4

/**
 * A QR code for a camera in front of the terminal, a line for every two rows of modules. Undefined
 * where the terminal is too narrow for it or the text too long for any: say the text instead.
 *
 * What is light is drawn and what is dark is left, which is right on a dark screen; with colours it
 * is white on black and right on any.
 */
export async function renderQr(
  content: string | Uint8Array,
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): Promise<readonly string[] | undefined> {
  const { encode } = await import('uqr')
  let modules: readonly (readonly boolean[])[]
  try {
    const given = typeof content === 'string' ? content : [...content]
    modules = encode(given, { ecc: 'L', border: QUIET_ZONE }).data
  } catch {
    return undefined // It says so only by a RangeError of its own.
  }
  if (modules.length > columns) return undefined
  const lines: string[] = []
  for (let row = 0; row < modules.length; row += 2)
    lines.push(paint.screen(renderRows(modules[row] ?? [], modules[row + 1])))
  return lines
}

/** Below the last row there is nothing, and nothing is drawn. */
function renderRows(upper: readonly boolean[], lower: readonly boolean[] | undefined): string {
  return upper.map((isDark, column) => half(!isDark, lower?.[column] === false)).join('')
}

function half(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀'
  return lower ? '▄' : ' '
}
