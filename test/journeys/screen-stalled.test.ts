import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { test } from 'tap'

import { historyOf, succeed, type Person, type Screen } from '../harness/index.js'
import { isRunning } from './support/is-running.js'
import { openScreen, writeDraft } from './support/open-screen.js'
import { beginPair } from './support/pair.js'

const LARGE = { columns: 300, rows: 100 }

/** What the terminal takes no more of is painted anew and anew, more than any buffer holds. */
async function fill(screen: Screen): Promise<void> {
  screen.hold()
  for (let at = 0; at < 120; at++) {
    screen.resize(200 + (at % 100), 60 + (at % 40))
    await new Promise((resolve) => setTimeout(resolve, 30)) // Sizes in a row are laid out as one.
  }
}

test('a terminal that takes nothing stops neither messages nor other commands, and then has the newest', async (t) => {
  const { alice, bob } = await beginPair(t)
  const screen = openScreen(t, alice, LARGE)
  await writeDraft(screen, 'kept')
  await fill(screen)

  await succeed(bob.run(['send', alice.handle, 'while it was held']))
  const texts = async () => (await historyOf(alice, bob.handle)).map(({ message }) => message.text)
  while (!(await texts()).includes('while it was held')) continue
  screen.type(' on typing')
  await succeed(alice.run(['send', bob.handle, 'through the screen']))

  const before = screen.bytes.length
  screen.resize(120, 30)
  screen.goOn()
  await screen.shows(/while it was held[^]*through the screen[^]*> kept on typing/)
  t.ok(screen.bytes.length - before < 1_000_000, 'old frames are not kept for it')
  screen.type('\u0003\u0003')
  t.equal(await screen.ended, 0)
})

test('a signal ends it while its terminal takes nothing, and the draft is kept', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, LARGE)
  await writeDraft(screen, 'for later')
  await fill(screen)
  process.kill(screen.pid, 'SIGTERM')
  t.equal(await screen.ended, 143)

  const again = openScreen(t, alice, { columns: 100, rows: 24 })
  await again.shows(/Draft: for later/)
})

test('a terminal that is gone ends it at once, and the draft is kept', async (t) => {
  const { alice } = await beginPair(t)
  const screen = openScreen(t, alice, LARGE)
  await writeDraft(screen, 'for later')
  screen.vanish()
  await ended(screen.pid)

  const again = openScreen(t, alice, { columns: 100, rows: 24 })
  await again.shows(/Draft: for later/)
})

test('a terminal that is gone without a signal ends it, too', async (t) => {
  const { alice } = await beginPair(t)
  // In a session of its own no terminal is its own, and the system sends it no SIGHUP.
  const screen = openScreen(t, alice, { ...LARGE, by: ['setsid', '--wait', process.execPath] })
  await writeDraft(screen, 'for later')
  const pid = await ownerOf(alice)
  t.not(pid, screen.pid)
  screen.vanish()
  await ended(pid)

  const again = openScreen(t, alice, { columns: 100, rows: 24 })
  await again.shows(/Draft: for later/)
})

/** The process that has the account open. */
async function ownerOf({ home }: Person): Promise<number> {
  const [folder = ''] = readdirSync(join(home, 'accounts'))
  const path = join(home, 'accounts', folder, 'owner.json')
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20))
  const note = readFileSync(path, 'utf8')
  return (JSON.parse(note) as { readonly pid: number }).pid
}

async function ended(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
}
