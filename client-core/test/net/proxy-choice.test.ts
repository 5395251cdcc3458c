import { test } from 'tap'
import { chooseProxy } from '../../src/net/proxy-choice.js'

const RELAY = 'https://relay.example'
const TOR = 'socks5h://127.0.0.1:9050'
const OTHER = 'http://proxy.example:3128'

const shown = (...args: Parameters<typeof chooseProxy>): string | undefined =>
  chooseProxy(...args)?.shown

test('what is given for this time wins over the account, that over the configuration, that over variables', async (t) => {
  const environment = { ALL_PROXY: 'http://from.variable:1' }
  t.equal(shown(RELAY, OTHER, { given: TOR, configured: 'none', environment }), TOR)
  t.equal(shown(RELAY, OTHER, { configured: TOR, environment }), OTHER)
  t.equal(shown(RELAY, null, { configured: TOR, environment }), TOR)
  t.equal(shown(RELAY, null, { environment }), 'http://from.variable:1')
  t.equal(shown(RELAY, null, {}), undefined)
})

test('none is an answer at every place', async (t) => {
  t.equal(shown(RELAY, OTHER, { given: 'none' }), undefined)
  t.equal(shown(RELAY, 'none', { configured: TOR }), undefined)
  t.equal(shown(RELAY, null, { configured: 'none', environment: { ALL_PROXY: TOR } }), undefined)
})

test('a relay on this machine is reached directly unless a proxy was meant for it', async (t) => {
  const settings = { configured: TOR, environment: { ALL_PROXY: TOR } }
  t.equal(shown('http://127.0.0.1:8470', null, settings), undefined)
  t.equal(shown('http://localhost:8470', null, settings), undefined)
  t.equal(shown('http://127.0.0.1:8470', null, { given: TOR }), TOR)
  t.equal(shown('http://127.0.0.1:8470', TOR, {}), TOR)
})

test('variables mean what they mean elsewhere, in either case', async (t) => {
  const through = (environment: Record<string, string>, origin = RELAY) =>
    shown(origin, null, { environment })
  t.equal(through({ HTTPS_PROXY: OTHER, ALL_PROXY: TOR }), OTHER)
  t.equal(through({ https_proxy: OTHER, HTTPS_PROXY: TOR }), OTHER)
  t.equal(through({ HTTPS_PROXY: OTHER }, 'http://relay.example:81'), undefined)
  t.equal(through({ all_proxy: TOR }, 'http://relay.example:81'), TOR)
  t.equal(through({ ALL_PROXY: '' }), undefined)
})

test('NO_PROXY exempts hosts, what is below them, ports, and everything', async (t) => {
  const exempt = (list: string, origin = RELAY) =>
    shown(origin, null, { environment: { ALL_PROXY: TOR, NO_PROXY: list } }) === undefined
  t.ok(exempt('relay.example'))
  t.ok(exempt('other.example, .example'))
  t.ok(exempt('*'))
  t.ok(exempt('relay.example:8443', 'https://relay.example:8443'))
  t.notOk(exempt('relay.example:8443'))
  t.notOk(exempt('lay.example'))
  t.notOk(exempt(''))
})

test('a variable that holds no proxy is named, and its password is not said', async (t) => {
  const environment = { ALL_PROXY: 'ftp://me:hunter2@proxy.example' }
  const choose = () => chooseProxy(RELAY, null, { environment })
  t.throws(choose, { code: 'config/invalid', message: 'ALL_PROXY: not a proxy' })
})
