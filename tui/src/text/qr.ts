import type { Paint } from './paint.js'

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
  const { QUIET_ZONE, qrLines, qrModules } = await import('./qr-modules.js')
  const modules = qrModules(content)
  if (modules === undefined || modules.length + 2 * QUIET_ZONE > columns) return undefined
  return qrLines(modules, QUIET_ZONE).map(paint.screen)
}
