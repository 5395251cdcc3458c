import { countBlocks } from './instrumented.js'

const blocks = countBlocks()
const { run } = await import('./run.js')
process.exitCode = await run(process.argv.slice(2), blocks)
