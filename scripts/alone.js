import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { root } from './workspace.js'

const LOCK = join(root, 'out', 'alone.lock')
const POLL_MS = 200

/** Runs `work` while no other script of this clone does: two builds at once would mix. */
export async function alone(work) {
  mkdirSync(join(root, 'out'), { recursive: true })
  while (!takeLock()) await wait(POLL_MS)
  try {
    return await work()
  } finally {
    rmSync(LOCK, { force: true })
  }
}

function takeLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (!ownerLives()) rmSync(LOCK, { force: true })
  return false
}

function ownerLives() {
  try {
    process.kill(Number(readFileSync(LOCK, 'utf8')), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
