import { test } from 'tap'

import {
  isolatedEnvironment,
  Screen,
  SOTTO,
  startRelay,
  succeed,
  tempDir,
} from '../harness/index.js'
import { beginPair } from './support/pair.js'

test('without an account two questions lead to the screen; wrong answers are told and asked again', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const env = isolatedEnvironment(dir, { SOTTO_HOME: `${dir}/new`, TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, env, columns: 100, rows: 30 })

  await screen.shows(/Welcome to sotto[^]*relay or invite link:$/m)
  screen.type('http://127.0.0.1:1\r')
  await screen.shows(/username.*:$/m)
  screen.type('no number\r')
  await screen.shows(/not a username: no number[^]*username.*:$/m)
  screen.type('dora.42\r')
  await screen.shows(/cannot reach http:\/\/127\.0\.0\.1:1[^]*relay or invite link:$/m)
  screen.type(`${relay.url}\r`)
  await screen.until(
    ({ text }) => /relay or invite link: http.*\d\s[^]*username.*:$/m.test(text),
    'the name',
  )
  screen.type('dora.42\r')
  await screen.until(({ isFull }) => isFull, 'the screen')
  await screen.shows(/sotto +dora\.42[^]*No conversations yet/)
})

test('an invite link says which relay it is, and leads to whoever wrote it', async (t) => {
  const { alice, dir } = await beginPair(t)
  const invite = await succeed(alice.run(['invite', 'create', '--json']))
  const [made] = invite.jsonLines<{ readonly invite: { readonly link: string } }>()
  const env = isolatedEnvironment(dir, { SOTTO_HOME: `${dir}/new`, TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, env, columns: 100, rows: 30 })

  await screen.shows(/relay or invite link:$/m)
  screen.type(`${made?.invite.link ?? ''}\r`)
  await screen.shows(/The link says which relay it is\.[^]*username.*:$/m)
  screen.type('dora.42\r')
  await screen.until(({ isFull }) => isFull, 'the screen')
  await screen.shows(/>$/m)
  screen.type('hello from a link\r')
  await screen.shows(/You[^]*hello from a link/)
  t.match((await succeed(alice.run(['receive']))).stdout, /hello from a link/)
})

test('a username that is taken is asked for again, and Ctrl+C makes nothing', async (t) => {
  const { alice, dir } = await beginPair(t)
  const { url } = (await succeed(alice.run(['account', 'show', '--json'])))
    .jsonLines<{
      readonly account: { readonly relay: string }
    }>()
    .map(({ account }) => ({ url: account.relay }))[0] ?? { url: '' }
  const env = isolatedEnvironment(dir, { SOTTO_HOME: `${dir}/new`, TERM: 'xterm-256color' })
  const screen = new Screen(t, { program: SOTTO, env, columns: 100, rows: 30 })

  await screen.shows(/relay or invite link:$/m)
  screen.type(`${url}\r`)
  await screen.shows(/username.*:$/m)
  screen.type('alice.42\r')
  await screen.shows(/taken[^]*username.*:$/m)
  screen.type('\u0003')
  t.equal(await screen.ended, 130)
})
