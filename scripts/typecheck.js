import { alone } from './alone.js'
import { compile } from './build.js'
import { runAsScript } from './workspace.js'

await runAsScript(import.meta.url, () => alone(compile))
