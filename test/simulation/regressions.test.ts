import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { ROOT } from '../harness/repository.js'
import { watchRejections } from './rejections.js'
import { readPlan, simulate, type WrittenPlan } from './simulate.js'

const FOLDER = join(ROOT, 'test/simulation/regressions')

const rejections: string[] = []
watchRejections((reason) => rejections.push(reason))

// Each file is the least plan that once broke an invariant; its name says what went wrong.
for (const file of readdirSync(FOLDER)) {
  t.test(basename(file, '.json').replaceAll('-', ' '), async (t) => {
    const written = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as WrittenPlan
    const { violations } = await simulate({ ...written, plan: readPlan(written) })
    t.same([...violations, ...rejections.splice(0)], [])
  })
}
