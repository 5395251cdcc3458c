import t from 'tap'
import { ConfigError } from '@sotto/protocol'
import { parseConfig, parseDataFolder, type ConfigInput } from '../../src/config/parse-config.js'
import { limitVariableOf, SETTING_NAMES, variableOf } from '../../src/config/settings.js'
import { LIMIT_RULES, isLimitName } from '../../src/limits/limits.js'
import { parseProxy, TrustedProxies } from '../../src/limits/trusted-proxies.js'

const HOME = { HOME: '/home/ann' }

function configOf(input: Partial<ConfigInput>) {
  return parseConfig({ flags: {}, ...input, environment: { ...HOME, ...input.environment } })
}

function faultsOf(input: ConfigInput): readonly string[] {
  try {
    parseConfig(input)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message.split('\n')
  }
}

t.test('with nothing said, the relay is open to its own machine', async (t) => {
  t.match(configOf({}), {
    listen: { host: '127.0.0.1', port: 8470 },
    dataFolder: '/home/ann/.local/share/sotto-relay',
    limits: {},
    restored: false,
  })
})

t.test('data belongs where XDG says', async (t) => {
  const environment = { XDG_DATA_HOME: '/srv/data' }

  t.equal(configOf({ environment }).dataFolder, '/srv/data/sotto-relay')
})

t.test('whoever others can reach takes nobody without a code, unless open is said', async (t) => {
  const kind = (flags: ConfigInput['flags']) => configOf({ flags }).registration

  t.equal(kind({}), 'open')
  t.equal(kind({ listen: '[::1]:80' }), 'open')
  t.equal(kind({ listen: '0.0.0.0:8470' }), 'invite')
  t.equal(kind({ publicHost: ['relay.example'] }), 'invite', 'a proxy in front lets others in')
  t.equal(kind({ trustedProxy: ['127.0.0.1'] }), 'invite')
  t.equal(kind({ listen: '[::]:80', registration: 'open' }), 'open')
  t.equal(kind({ registration: 'invite' }), 'invite')
})

t.test('a flag goes before a variable, and a variable before the file', async (t) => {
  const file = {
    path: '/etc/sotto-relay.toml',
    text: `listen = "127.0.0.1:1"
data = "/file"
public-host = ["file.example"]
[limits]
retentionDays = 1
mailboxEnvelopes = 1
prekeyStock = 1
`,
  }
  const environment = {
    SOTTO_RELAY_LISTEN: '127.0.0.1:2',
    SOTTO_RELAY_DATA: '/variable',
    SOTTO_RELAY_LIMIT_RETENTION_DAYS: '2',
    SOTTO_RELAY_LIMIT_MAILBOX_ENVELOPES: '2',
  }
  const flags = { listen: '127.0.0.1:3', limit: ['retentionDays=3'] }

  t.match(configOf({ flags, environment, file }), {
    listen: { port: 3 },
    dataFolder: '/variable',
    publicHosts: ['file.example'],
    limits: { retentionDays: 3, mailboxEnvelopes: 2, prekeyStock: 1 },
  })
})

t.test('every setting and every limit has a variable of its own', async (t) => {
  const limits = Object.keys(LIMIT_RULES).filter(isLimitName)
  const variables = [...SETTING_NAMES.map(variableOf), ...limits.map(limitVariableOf)]
  const environment = Object.fromEntries(
    limits.map((name) => [limitVariableOf(name), String(LIMIT_RULES[name].min)]),
  )

  t.equal(new Set(variables).size, variables.length)
  t.same(
    configOf({ environment }).limits,
    Object.fromEntries(limits.map((name) => [name, LIMIT_RULES[name].min])),
  )
})

t.test('a variable may list what is said more than once', async (t) => {
  const environment = { SOTTO_RELAY_PUBLIC_HOST: 'a.example, b.example:8443' }

  t.same(configOf({ environment }).publicHosts, ['a.example', 'b.example:8443'])
})

t.test('a folder that a file names lies beside the file', async (t) => {
  const file = { path: '/srv/relay/relay.toml', text: 'data = "data"' }

  t.equal(configOf({ file }).dataFolder, '/srv/relay/data')
})

t.test('every fault of every source is told at once, with who said it', async (t) => {
  const faults = faultsOf({
    flags: { listen: 'nowhere', registration: 'friends', limit: ['noSuch=1', 'retentionDays=-1'] },
    environment: {
      SOTTO_RELAY_TRUSTED_PROXY: 'proxy.example,10.0.0.0/33',
      SOTTO_RELAY_LISTN: '127.0.0.1:1',
      SOTTO_RELAY_LIMIT_MAILBOX_BYTES: 'much',
    },
    file: {
      path: '/etc/r.toml',
      text: `public-host = "https://relay.example/"
lisen = "127.0.0.1:1"
data = 5
registration = ["open", "pow"]
[limits]
connections = "many"
`,
    },
  })

  const from = [
    ...[
      '--listen nowhere',
      '--registration friends',
      '--limit noSuch=1',
      '--limit retentionDays=-1',
    ],
    ...['SOTTO_RELAY_TRUSTED_PROXY proxy.example', 'SOTTO_RELAY_TRUSTED_PROXY 10.0.0.0/33'],
    ...['SOTTO_RELAY_LISTN', 'SOTTO_RELAY_LIMIT_MAILBOX_BYTES'],
    ...['/etc/r.toml: public-host', '/etc/r.toml: lisen', '/etc/r.toml: data'],
    ...['/etc/r.toml: registration', '/etc/r.toml: limits.connections', '--data'],
  ]
  t.same(
    from.filter((each) => !faults.some((fault) => fault.startsWith(each))),
    [],
  )
  t.equal(faults.length, from.length)
})

t.test('a file that is not TOML is told with its line', async (t) => {
  const file = { path: '/etc/r.toml', text: 'listen = "127.0.0.1:1"\nthis is not TOML\n' }

  t.match(faultsOf({ flags: {}, environment: HOME, file }), [/^\/etc\/r\.toml:2: not TOML/])
})

t.test('where data is can be asked for without the rest being right', async (t) => {
  const input = { flags: { data: '/srv/relay' }, environment: { SOTTO_RELAY_LISTEN: 'nowhere' } }

  t.equal(parseDataFolder(input), '/srv/relay')
})

t.test('a proxy is known by its address, however it is written', async (t) => {
  const trustedProxy = ['2001:0DB8:0:0::1', '::ffff:0a00:0001', '::FFFF:10.0.0.2', '10.1.0.0/016']

  t.same(configOf({ flags: { trustedProxy } }).trustedProxies, [
    '2001:db8::1',
    '10.0.0.1',
    '10.0.0.2',
    '10.1.0.0/16',
  ])
})

t.test('a network of proxies knows its own and nobody else', async (t) => {
  const proxies = new TrustedProxies(['10.1.0.0/16', '2001:db8::/32', '192.0.2.7', 'fe80::/10'])

  const known = ['10.1.2.3', '2001:db8:9::1', '192.0.2.7', 'fe80::1%eth0']
  const others = ['10.2.0.1', '2001:db9::1', '192.0.2.8', '', 'unknown']
  t.same(
    known.filter((each) => !proxies.has(each)),
    [],
  )
  t.same(
    others.filter((each) => proxies.has(each)),
    [],
  )
})

t.test('what is no network of proxies is refused', async (t) => {
  const wrong = ['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', '/8', '::ffff:10.0.0.0/104']

  t.same(
    wrong.map(parseProxy),
    wrong.map(() => undefined),
  )
})

t.test('a limit that says two numbers is a fault', async (t) => {
  t.throws(() => configOf({ flags: { limit: ['mailboxEnvelopes=7=8'] } }), {
    code: 'config/invalid',
  })
})

for (const host of ['[::::]', '256.0.0.1', 'relay.example:70000', '/']) {
  t.test(`${host} is no public host`, async (t) => {
    t.throws(() => configOf({ flags: { publicHost: [host] } }), { code: 'config/invalid' })
  })
}
