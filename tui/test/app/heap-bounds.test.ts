import { execFileSync } from 'node:child_process'
import { test } from 'tap'

const MODULE = JSON.stringify(new URL('../../src/app/heap-bounds.js', import.meta.url).href)

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
  const held = grown(`const { HeapBounds } = await import(${MODULE}); new HeapBounds(1); ${WAIT}`)
  t.ok(held < grown('') / 4)
  t.end()
})

test('a screen that is left before has changed nothing', (t) => {
  const left = `const { HeapBounds } = await import(${MODULE}); new HeapBounds(1).close(); ${WAIT}`
  t.equal(grown(left), grown(''))
  t.end()
})

/** How many MiB V8 holds at most while much survives for a moment, as what comes into a screen does. */
function peak(begin: string): number {
  const script = `
    import { memoryUsage } from 'node:process'
    ${begin}
    const kept = Array.from({ length: 100_000 }, (_, made) => ({ made }))
    let [passing, most] = [[], 0]
    for (let made = 0; made < 3e6; made++) {
      passing.push({ made, of: kept[made % kept.length] })
      if (passing.length > 50_000) passing = []
      if (made % 10_000 === 0) most = Math.max(most, memoryUsage().heapTotal)
    }
    console.log(most / 2 ** 20)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script]))
}

test('what has died is collected before it is more than what lives', (t) => {
  const held = peak(`const { HeapBounds } = await import(${MODULE}); new HeapBounds(1); ${WAIT}`)
  t.ok(held < peak('') * 0.8)
  t.end()
})
