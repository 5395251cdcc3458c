import { register } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../../harness/repository.js'
import { mutationNamed } from './index.js'
import { mutatedFile } from './mutation.js'

// Loaded before everything else, as `--import register.js?mutation=NAME`: whoever imports the
// mutated file in this process gets the mutated one.
const mutation = mutationNamed(new URL(import.meta.url).searchParams.get('mutation') ?? '')
const url = pathToFileURL(join(ROOT, mutation.file)).href
register('./hook.js', import.meta.url, { data: { url, source: mutatedFile(mutation) } })
