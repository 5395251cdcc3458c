import t from 'tap'
import { ConfigError } from '@sotto/protocol'
import { parseConfig, type Flags } from '../src/config.js'

const NO_FLAGS: Flags = {
  limit: [],
  trustedProxy: [],
  publicHost: [],
  restored: false,
  json: false,
}
const HOME = { HOME: '/home/ann' }

t.test('with nothing said, the relay is open to its own machine', async (t) => {
  const config = parseConfig(NO_FLAGS, HOME)

  t.match(config, {
    listen: { host: '127.0.0.1', port: 8470 },
    dataFolder: '/home/ann/.local/share/sotto-relay',
    limits: {},
  })
})

t.test('data belongs where XDG says', async (t) => {
  const config = parseConfig(NO_FLAGS, { ...HOME, XDG_DATA_HOME: '/srv/data' })

  t.equal(config.dataFolder, '/srv/data/sotto-relay')
})

t.test('beyond loopback, open registration has to be said', async (t) => {
  t.throws(() => parseConfig({ ...NO_FLAGS, listen: '0.0.0.0:8470' }, HOME), {
    code: 'config/invalid',
  })
  t.match(parseConfig({ ...NO_FLAGS, listen: '[::]:80', registration: 'open' }, HOME), {
    listen: { host: '::', port: 80 },
  })
})

t.test('every fault is told at once', async (t) => {
  const flags = {
    ...NO_FLAGS,
    listen: 'nowhere',
    registration: 'invite',
    limit: ['noSuch=1', 'retentionDays=-1', 'mailboxEnvelopes=7'],
    trustedProxy: ['proxy.example'],
    publicHost: ['https://relay.example/'],
  }

  try {
    parseConfig(flags, {})
    t.fail('it was accepted')
  } catch (error) {
    t.ok(error instanceof ConfigError)
    t.equal((error as ConfigError).message.split('\n').length, 7)
  }
})

t.test('limits and names are taken as they are said', async (t) => {
  const config = parseConfig(
    {
      ...NO_FLAGS,
      limit: ['mailboxEnvelopes=7', 'retentionDays=3'],
      trustedProxy: ['::ffff:10.0.0.1'],
      publicHost: ['relay.example:8443'],
    },
    HOME,
  )

  t.match(config, {
    limits: { mailboxEnvelopes: 7, retentionDays: 3 },
    trustedProxies: ['10.0.0.1'],
    publicHosts: ['relay.example:8443'],
  })
})

t.test('a proxy is known by its address, however it is written', async (t) => {
  const trustedProxy = ['2001:0DB8:0:0::1', '::ffff:0a00:0001', '::FFFF:10.0.0.2']

  t.same(parseConfig({ ...NO_FLAGS, trustedProxy }, HOME).trustedProxies, [
    '2001:db8::1',
    '10.0.0.1',
    '10.0.0.2',
  ])
})

t.test('a limit that says two numbers and a host that cannot be are faults', async (t) => {
  for (const wrong of [
    { limit: ['mailboxEnvelopes=7=8'] },
    { publicHost: ['[::::]'] },
    { publicHost: ['256.0.0.1'] },
    { publicHost: ['relay.example:70000'] },
  ])
    t.throws(() => parseConfig({ ...NO_FLAGS, ...wrong }, HOME), { code: 'config/invalid' })
})
