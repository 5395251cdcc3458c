import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { ROOT } from '../../harness/repository.js'
import { MUTATIONS } from './index.js'
import { mutate, mutatedFile } from './mutation.js'

const FOLDER = join(ROOT, 'test/out/simulation/mutations')
const run = promisify(execFile)

t.test(
  'every mutation finds its text once in what was compiled, and has its own name',
  async (t) => {
    for (const mutation of MUTATIONS) t.not(mutatedFile(mutation), '', mutation.name)
    t.equal(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length)
  },
)

t.test('a mutation whose text is gone, or stands there twice, is an error', async (t) => {
  const mutation = { name: 'one', file: 'a.js', find: 'b', replace: 'c', why: 'a test' }

  t.equal(mutate('a b a', mutation), 'a c a')
  t.throws(() => mutate('a a', mutation), { message: /0 times/ })
  t.throws(() => mutate('b b', mutation), { message: /2 times/ })
})

t.test('whoever imports the mutated file gets the mutated one', async (t) => {
  const register = `file://${FOLDER}/register.js?mutation=${encodeURIComponent('a status may go back')}`
  const messages = join(ROOT, 'client-core/out/src/store/tables/messages.js')
  const script = `const { isAdvance } = await import(${JSON.stringify(messages)})
    console.log(isAdvance('read', 'accepted'))`

  const { stdout } = await run(process.execPath, [
    ...['--import', register, '--input-type=module', '--eval', script],
  ])

  t.equal(stdout, 'true\n')
})

t.test('a mutation is caught, and by whom is told', async (t) => {
  const { stdout } = await run(process.execPath, [
    join(FOLDER, 'main.js'),
    'nobody is refused otherwise than somebody',
  ])

  t.match(stdout, /caught nobody is refused otherwise than somebody: seed 1, refusals alike/)
  t.match(stdout, /\n1 mutations, 1 caught\n$/)
})
