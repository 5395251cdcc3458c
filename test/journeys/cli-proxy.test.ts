import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import {
  holdPort,
  isInstalled,
  makePerson,
  sotto,
  startConnect,
  startRelay,
  startSocks,
  startTls,
  succeed,
  tempDir,
  type Person,
} from '../harness/index.js'

/** A name that no resolver of this machine knows (RFC 6761). */
const NAME = 'relay.invalid'

async function begin(t: Test) {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const port = Number(new URL(relay.url).port)
  const home = join(dir, 'alice')
  const create = (proxy: string, ...args: string[]) =>
    sotto(home, [
      ...['account', 'create', '--relay', `http://${NAME}`, '--username', 'alice.42'],
      ...['--insecure', '--proxy', proxy, ...args],
    ])
  return { dir, relay, home, names: { [NAME]: port }, create }
}

/** Notes every name that the process asks this machine to resolve. */
function watchNames(dir: string) {
  const hook = join(dir, 'hook.cjs')
  const found = join(dir, 'names')
  writeFileSync(
    hook,
    `const dns = require('node:dns')
     const { appendFileSync } = require('node:fs')
     const { lookup } = dns
     dns.lookup = (name, ...rest) => {
       appendFileSync(${JSON.stringify(found)}, name + '\\n')
       return lookup(name, ...rest)
     }`,
  )
  return {
    env: { NODE_OPTIONS: `--require ${hook}` },
    names: () => (existsSync(found) ? readFileSync(found, 'utf8') : ''),
  }
}

test('through socks5h everything reaches a relay whose name only the proxy knows', async (t) => {
  const { dir, relay, home, names, create } = await begin(t)
  const socks = await startSocks(t, { names })
  const proxy = `socks5h://127.0.0.1:${String(socks.port)}`
  const bob = await makePerson(relay, dir, 'bob')
  const watched = watchNames(dir)

  await succeed(create(proxy))
  const registered = socks.asked.length
  const run = (...args: string[]) => sotto(home, args, { env: watched.env })
  await succeed(run('contact', 'add', bob.handle))
  await succeed(run('send', bob.handle, 'through the proxy'))
  await succeed(run('receive'))
  const received = await succeed(bob.run(['receive', '--json']))

  t.match(received.stdout, /through the proxy/)
  t.ok(registered > 0, 'registration went through it')
  t.ok(socks.asked.every(({ host }) => host === NAME))
  const logins = socks.asked.map(({ login }) => login)
  t.ok(logins.length > 3)
  t.equal(new Set(logins).size, logins.length, 'each connection has a circuit of its own')
  t.notMatch(watched.names(), /relay/, 'no name of the relay is resolved on this machine')
})

test('through an HTTP proxy a relay is reached by CONNECT', async (t) => {
  const { home, names, create } = await begin(t)
  const http = await startConnect(t, { names, login: 'me:hunter2' })
  const proxy = `http://me:hunter2@127.0.0.1:${String(http.port)}`

  const created = await succeed(create(proxy))
  const received = await succeed(sotto(home, ['receive', '--verbose']))

  t.match(created.stderr, /other programs see the password of the proxy/)
  t.match(created.stderr, /reached without TLS/)
  t.ok(http.asked.length >= 2)
  t.ok(http.asked.every(({ host, login }) => host === NAME && login === 'me:hunter2'))
  t.notMatch(created.stderr + created.stdout + received.stderr, /hunter2/)
})

test('a proxy that is down, refuses or does not know us is named in place of the relay', async (t) => {
  const { names, create } = await begin(t)
  const socks = await startSocks(t, { names, login: 'me:hunter2' })
  const http = await startConnect(t, { names, login: 'me:hunter2' })
  const ignorant = await startSocks(t, { names: {} })
  const at = (scheme: string, port: number, login = '') =>
    create(`${scheme}://${login}127.0.0.1:${String(port)}`, '--json')

  const down = await at('socks5h', await holdPort(t))
  const downHttp = await at('http', await holdPort(t))
  const stranger = await at('socks5h', socks.port, 'me:wrong-password@')
  const strangerHttp = await at('http', http.port, 'me:wrong-password@')
  const nowhere = await at('socks5h', ignorant.port)

  for (const outcome of [down, downHttp, stranger, strangerHttp, nowhere]) {
    t.match(outcome.error(), { code: 'proxy/unreachable', exit: 69, retryable: true })
    t.match(outcome.error().message, /127\.0\.0\.1:\d+/)
    t.notMatch(outcome.stderr, /wrong-password/)
  }
  t.match(down.error().message, /connection refused/)
  t.match(strangerHttp.error().message, /HTTP 407/)
})

test('an account keeps its proxy until it is edited, and a flag wins for one time', async (t) => {
  const { relay, home, names, create } = await begin(t)
  const socks = await startSocks(t, { names: { ...names, '127.0.0.1': names[NAME] } })
  const http = await startConnect(t, { names })
  await succeed(create(`socks5h://127.0.0.1:${String(socks.port)}`))
  const receive = (...args: string[]) => sotto(home, ['receive', '--json', ...args])
  const edit = (proxy: string) => sotto(home, ['account', 'edit', '--json', '--proxy', proxy])

  const before = socks.asked.length
  await succeed(receive('--proxy', `http://127.0.0.1:${String(http.port)}`))
  t.equal(socks.asked.length, before)
  t.ok(http.asked.length > 0)
  await succeed(receive())
  t.ok(socks.asked.length > before)
  await succeed(edit('none'))
  const direct = await receive()
  t.match(direct.error(), { code: 'relay/unreachable' }, 'nobody else knows the name')
  t.match((await edit('nonsense')).error(), { exit: 64 })
  t.ok(relay.url)
})

test('plain http beyond this machine is refused without a flag', async (t) => {
  const dir = tempDir(t)
  const create = ['account', 'create', '--relay', 'http://relay.invalid', '--json']
  const refused = await sotto(join(dir, 'a'), create)
  const permitted = await sotto(join(dir, 'a'), [...create, '--insecure'])

  t.match(refused.error(), { code: 'config/invalid', exit: 78 })
  t.match(permitted.error(), { code: 'relay/unreachable', exit: 69 })
})

test('a proxy of the configuration or the environment leaves a relay on this machine alone', async (t) => {
  const { relay, dir } = await begin(t)
  const alice = await makePerson(relay, dir, 'carol')
  const nowhere = `socks5h://127.0.0.1:${String(await holdPort(t))}`
  await succeed(alice.run(['config', 'set', 'proxy', nowhere]))
  t.equal((await alice.run(['receive'])).code, 0)
  t.equal((await alice.run(['receive'], { env: { ALL_PROXY: nowhere } })).code, 0)
  t.equal((await alice.run(['receive', '--proxy', nowhere])).code, 69)
})

test('the password of a proxy is shown nowhere', async (t) => {
  const home = tempDir(t)
  writeFileSync(join(home, 'config.toml'), 'proxy = "http://me:hunter2@127.0.0.1:9"\n')
  const listed = await succeed(sotto(home, ['config', 'list', '--json']))
  const got = await succeed(sotto(home, ['config', 'get', 'proxy']))
  t.equal(got.stdout, 'http://127.0.0.1:9\n')
  t.notMatch(listed.stdout, /hunter2/)
})

for (const scheme of ['socks5h', 'http'] as const) {
  const skip = isInstalled('openssl') ? false : 'openssl is not installed'
  test(
    `through ${scheme} TLS goes to the relay itself, and its certificate is checked`,
    { skip },
    async (t) => {
      const dir = tempDir(t)
      const relay = await startRelay(t, { dir })
      const bob = await makePerson(relay, dir, 'bob')
      const front = await startTls(t, { dir, name: NAME, to: relay.port })
      const start = scheme === 'http' ? startConnect : startSocks
      const proxy = await start(t, { names: { [NAME]: front.port } })
      const home = join(dir, 'alice')
      const url = `${scheme}://127.0.0.1:${String(proxy.port)}`
      const create = ['account', 'create', '--relay', `https://${NAME}`, '--proxy', url, '--json']
      const env = { NODE_EXTRA_CA_CERTS: front.authority }

      const distrusted = await sotto(home, create)
      await succeed(sotto(home, create, { env }))
      await succeed(sotto(home, ['send', `acct:${await idOf(bob)}`, 'under TLS'], { env }))
      const received = await succeed(bob.run(['receive', '--json']))

      t.match(distrusted.error(), { code: 'relay/unreachable', message: /TLS failed/ })
      t.match(received.stdout, /under TLS/)
      t.ok(proxy.asked.length >= 4)
      t.ok(proxy.asked.every(({ host, port }) => host === NAME && port === 443))
    },
  )
}

async function idOf(person: Person): Promise<string> {
  const shown = await succeed(person.run(['account', 'show', '--json']))
  return shown.json<{ readonly account: { readonly id: string } }>().account.id
}
