import { execFileSync } from 'node:child_process'
import { test } from 'tap'

const MODULE = JSON.stringify(new URL('../../src/app/young-space.js', import.meta.url).href)

/** How many MiB V8 has set aside for new objects, in a process of its own in which many have survived. */
function grown(begin: string): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8'
    ${begin}
    let kept = []
    for (let made = 0; made < 3e6; made++) {
      kept.push({ made })
      if (kept.length > 200_000) kept = []
    }
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    console.log(space.space_size / 2 ** 20)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script]))
}

const WAIT = 'await new Promise((resolve) => setTimeout(resolve, 20))'

test('what V8 sets aside for new objects grows until it is held, and no more then', (t) => {
  const held = grown(`const { YoungSpace } = await import(${MODULE}); new YoungSpace(1); ${WAIT}`)
  t.ok(held < grown('') / 4)
  t.end()
})

test('a screen that is left before has changed nothing', (t) => {
  const left = `const { YoungSpace } = await import(${MODULE}); new YoungSpace(1).close(); ${WAIT}`
  t.equal(grown(left), grown(''))
  t.end()
})
