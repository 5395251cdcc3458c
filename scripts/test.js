import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'

import { ensure } from './ensure.js'
import { readTap } from './tap-results.js'
import { Failure, PACKAGES, filesBelow, root, runAsScript } from './workspace.js'

/** Tests of one package. A file that takes longer hangs. */
const UNIT_FILE_MS_MAX = 3 * 60 * 1000
/** Journeys wait for processes, disks and clocks: with three files on two processors a quarter of their time was idle. */
const FILES_A_PROCESSOR = 2
/** Journeys and simulations bound themselves; this only keeps a hung one from lasting for ever. */
const JOURNEY_FILE_MS_MAX = 20 * 60 * 1000

/** Those that stand on most packages first: they take longest, and none of them should be left at the end. */
function testFiles(filters) {
  return [...PACKAGES]
    .reverse()
    .flatMap((name) => filesBelow(join(root, name, 'out')))
    .map((path) => relative(root, path))
    .filter((path) => path.endsWith('.test.js'))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
}

function isJourney(file) {
  return relative('test', file).startsWith('out')
}

async function runAll(files, jobs) {
  const waiting = [...files]
  const results = []
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const result = await runFile(file)
      results.push(result)
      const mark = result.failed > 0 ? 'FAIL' : 'ok  '
      console.log(
        `${mark} ${file}  ${result.passed} passed  ${(result.tookMs / 1000).toFixed(1)} s`,
      )
      for (const reason of result.skips) console.log(`     skipped: ${reason}`)
      for (const failure of result.failures) print(result.file, failure)
    }
  }
  await Promise.all(Array.from({ length: jobs }, worker))
  return results
}

async function runFile(file) {
  const begunAtMs = Date.now()
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    cwd: root,
    // Its own process group, so that a hung test takes the relays it started along.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TAP_TIMEOUT: '0',
      TMPDIR: disks,
      // What one file made for its tests to begin with, so that others begin with it, too.
      SOTTO_TEST_SCENES: join(disks, 'scenes'),
    },
  })
  running.add(child)
  const stderr = []
  child.stderr.on('data', (chunk) => stderr.push(chunk))
  let hung = false
  const limitMs = isJourney(file) ? JOURNEY_FILE_MS_MAX : UNIT_FILE_MS_MAX
  const timer = setTimeout(() => {
    hung = true
    killGroup(child, 'SIGKILL')
  }, limitMs)
  const ended = new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  )
  const results = await readTap(child.stdout)
  const { code, signal } = await ended
  clearTimeout(timer)
  running.delete(child)
  killGroup(child, 'SIGKILL') // What a failed test left behind.
  if (hung) results.fail(`still running after ${limitMs / 1000} s, killed`)
  else if (signal !== null) results.fail(`ended by ${signal}`)
  else if (code !== 0 && results.failed === 0) results.fail(`ended with exit code ${code}`)
  results.attachStderr(Buffer.concat(stderr).toString())
  return Object.assign(results, { file, tookMs: Date.now() - begunAtMs })
}

/** The file system in memory that Linux has. */
const MEMORY_DISK = '/dev/shm'
/** Many times what the files of all tests that run at once take. */
const MEMORY_DISK_BYTES_MIN = 2 * 1024 ** 3

/**
 * Where tests have their disks. Whoever syncs each commit waits for the disk more than for anything
 * else, so they are in memory where there is room: of what tests do to a program and its disk, none
 * takes the power away from the machine.
 */
function folderOfDisks() {
  if (process.env.TMPDIR !== undefined || process.platform !== 'linux') return tmpdir()
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
  const options = mounts.map((line) => line.split(' ')).find(([, at]) => at === MEMORY_DISK)?.[3]
  if (options === undefined || /\b(ro|noexec)\b/.test(options)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY_DISK)
  return bavail * bsize < MEMORY_DISK_BYTES_MIN ? tmpdir() : MEMORY_DISK
}

/** All of this run; a short name, since sockets lie in it, too. */
const disks = mkdtempSync(join(folderOfDisks(), 's-'))
process.once('exit', removeDisks)

function removeDisks() {
  rmSync(disks, { recursive: true, force: true, maxRetries: 3 })
}

const running = new Set()

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const child of running) killGroup(child, 'SIGKILL')
    removeDisks()
    process.kill(process.pid, signal)
  })
}

function print(file, { path, detail }) {
  console.log(`\n✗ ${file}${path.map((name) => `\n  › ${name}`).join('')}`)
  if (detail !== '') console.log(detail.replace(/^/gm, '      '))
}

/**
 * Runs every compiled test, or those whose path contains one of the arguments. A tap test file is a
 * program that prints its results, so each is run by Node alone: tap's own runner loads a TypeScript
 * compiler and a coverage recorder into every file, and takes five times as long.
 */
await runAsScript(import.meta.url, async () => {
  await ensure()
  const files = testFiles(process.argv.slice(2))
  if (files.length === 0) throw new Failure('no test file matches')
  const results = await runAll(files, Math.ceil(availableParallelism() * FILES_A_PROCESSOR))
  for (const { file, failed } of results) if (failed > 0) console.log(`FAIL ${file}`)
  const count = (key) => results.reduce((sum, result) => sum + result[key], 0)
  const skipped = count('skipped')
  console.log(
    `${count('passed')} passed, ${count('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  )
  if (count('failed') > 0 || count('passed') === 0) process.exitCode = 1
})
