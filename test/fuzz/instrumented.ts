import { register } from 'node:module'
import { Blocks } from './blocks.js'

/**
 * From here on what is loaded counts its blocks. Before anything else is imported: what was loaded
 * already counts nothing.
 */
export function countBlocks(): Blocks {
  const blocks = new Blocks()
  globalThis.sottoBlocks = blocks
  register('./instrument.js', import.meta.url)
  return blocks
}
