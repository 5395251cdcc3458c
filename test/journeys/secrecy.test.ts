import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import {
  filesBelow,
  findInText,
  findMarkers,
  personAt,
  sotto,
  startRelay,
  startSotto,
  succeed,
  tempDir,
} from '../harness/index.js'

const TEXT = 'zanzibar-plaintext-marker'
const REPLY = 'quagmire-plaintext-marker'
const ALICE = 'alicemarkerone'
const BOB = 'bobmarkertwo'
const NAME = 'Marguerite Markername'
const ALIAS = 'aliasmarkerthree'
const STATUS = 'statusmarkerfour at sea'
const RENAMED = 'renamedmarkerfive'
const MARKERS = [TEXT, REPLY, ALICE, BOB, NAME, ALIAS, STATUS, RENAMED]

test('the search itself finds a marker in every form it looks for', (t) => {
  const dir = tempDir(t)
  const forms = [
    TEXT,
    Buffer.from(TEXT, 'utf16le'),
    Buffer.from(TEXT).toString('hex'),
    Buffer.from(`x${TEXT}y`).toString('base64'),
    Buffer.from(`xy${TEXT}z`).toString('base64url'),
  ]
  for (const [index, form] of forms.entries()) writeFileSync(join(dir, String(index)), form)

  const found = new Set(findMarkers(filesBelow(dir), [TEXT]).map((finding) => finding.file))

  t.equal(found.size, forms.length)
  t.end()
})

test('a short marker is found wherever it stands in base64, and not in four bytes that look like it', (t) => {
  const short = 'bob.42'
  const standing = ['', 'x', 'xy'].flatMap((before) =>
    ['', 'z', 'zz'].map((after) => Buffer.from(`${before}${short}${after}`).toString('base64')),
  )

  t.same(
    standing.filter((text) => findInText('a text', text, [short]).length === 0),
    [],
  )
  t.same(findInText('noise', Buffer.from('bob').toString('base64'), [short]), [])
  t.end()
})

test('nothing that was said, and nobody’s name, is in the relay’s files or logs or in a locked client’s files', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = personAt(join(dir, 'homes', 'a'), ALICE)
  const bob = personAt(join(dir, 'homes', 'b'), BOB)
  const create = ['account', 'create', '--relay', relay.url]
  await succeed(alice.run([...create, '--username', `${ALICE}.42`, '--name', NAME]))
  await succeed(bob.run([...create, '--username', `${BOB}.42`]))
  await succeed(alice.run(['contact', 'add', bob.handle, '--as', ALIAS]))
  await succeed(alice.run(['send', bob.handle, TEXT]))
  await succeed(bob.run(['receive']))
  await succeed(bob.run(['contact', 'accept', alice.handle]))
  await succeed(bob.run(['send', alice.handle, REPLY]))
  await succeed(bob.run(['account', 'edit', '--status', STATUS, '--username', `${RENAMED}.42`]))
  const log = { env: { SOTTO_LOG: 'debug' } }
  const logged = await succeed(alice.run(['receive'], log))
  // Some wait at the relay, in its write-ahead log, when everything is killed.
  await succeed(alice.run(['send', `@${ALIAS}`, `${TEXT} again`]))
  const following = startSotto(t, bob.home, ['receive', '--follow', '--json'])
  await following.line((line) => line.includes('again'))
  await succeed(bob.run(['history', alice.handle])) // Over the socket.
  const beside = readdirSync(join(bob.home, '.run'), { recursive: true, encoding: 'utf8' })
  await succeed(alice.run(['send', `@${ALIAS}`, `${TEXT} once more`]))
  await following.kill()
  await relay.kill()

  const keyFiles = ['key']
  const relayFiles = filesBelow(relay.dataDir)
  const clientFiles = filesBelow(join(dir, 'homes'), keyFiles)
  t.ok(
    relayFiles.some((file) => file.endsWith('-wal')),
    'the relay’s write-ahead log is among what is searched',
  )
  t.ok(clientFiles.length > 4, 'the clients’ files are among what is searched')
  t.same(findMarkers(relayFiles, MARKERS), [])
  t.same(findMarkers(clientFiles, MARKERS), [])
  t.match(beside, ['sotto', /^sotto\/[a-z2-7]{8}-[0-9a-f]{12}\.sock$/], 'a socket and no more')
  t.same(findInText('relay stderr', relay.output.stderr, MARKERS), [])
  t.same(findInText('relay stdout', relay.output.lines.join('\n'), MARKERS), [])
  t.same(findInText('client log', logged.stderr, MARKERS), [])
  t.ok(logged.stdout.includes(REPLY), 'with the key, the message is there')
})

test('a copied store without its key opens for nobody and says nothing of itself', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const home = join(dir, 'home')
  await succeed(
    sotto(home, ['account', 'create', '--relay', relay.url, '--username', `${ALICE}.42`]),
  )
  const [key = ''] = filesBelow(home).filter((file) => file.endsWith('/key'))
  writeFileSync(key, Buffer.alloc(32, 7))

  const locked = await sotto(home, ['history', 'me', '--json'])

  t.equal(locked.code, 86)
  t.match(locked.error(), { code: 'store/locked', exit: 86 })
  t.notMatch(locked.stderr, /SQLITE|ERROR CORE/)
})
