import fc from 'fast-check'
import { test } from 'tap'
import { filled } from './vectors/keys.js'
import { formatRelayUrl, isLoopback, parseRelayUrl } from '../src/relay-url.js'
import { bytes } from './arbitraries.js'
import { codeOf } from './refusal.js'

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/)
const name = fc
  .tuple(fc.array(label, { maxLength: 3 }), fc.stringMatching(/^[a-z]{2,5}$/))
  .map(([labels, top]) => [...labels, top].join('.'))
const origin = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    fc.oneof(
      name,
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address.toLowerCase()}]`),
    ),
    fc.option(fc.integer({ min: 1024, max: 65535 })),
  )
  .map(([scheme, host, port]) => `${scheme}://${host}${port === null ? '' : `:${String(port)}`}`)
const relayUrl = fc.record({ origin, rootKey: fc.option(bytes(33), { nil: undefined }) })

test('a relay survives formatting and parsing', async (t) => {
  fc.assert(
    fc.property(relayUrl, (relay) => {
      t.same(parseRelayUrl(formatRelayUrl(relay)), relay)
    }),
  )
})

test('whatever is taken for a relay is a URL that can be dialled, and is its origin', async (t) => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 20 }).map((rest) => `https://${rest}`),
        fc.stringMatching(/^https?:\/\/[0-9a-fA-Fx.:[\]-]{1,16}(:[0-9]{1,6})?\/?$/),
        fc.webUrl(),
      ),
      (value) => {
        const parsed = parsedOrigin(value)
        if (parsed === undefined) return true
        const { origin } = new URL(value)
        return parsed.includes('[') ? origin !== 'null' : origin === parsed
      },
    ),
    { numRuns: 5000 },
  )
  t.pass('for all text')
})

test('a host is written in lower case, without the slash and the port that goes without saying', async (t) => {
  t.equal(parseRelayUrl('https://Relay.EXAMPLE/').origin, 'https://relay.example')
  t.equal(parseRelayUrl('https://relay.example:443').origin, 'https://relay.example')
  t.equal(parseRelayUrl('http://127.0.0.1:80/').origin, 'http://127.0.0.1')
  t.equal(parseRelayUrl('http://[::1]:8470').origin, 'http://[::1]:8470')
})

test('what is not a relay is a usage error with an example', async (t) => {
  t.equal(
    codeOf(() => parseRelayUrl('relay.example')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseRelayUrl('ws://relay.example')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseRelayUrl('https://user@relay.example')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseRelayUrl('https://relay.example/path')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseRelayUrl('https://relay.example?x=1')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseRelayUrl('https://relay.example:65536')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseRelayUrl('https://256.1.1.1')),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseRelayUrl('https://[:::]')),
    'usage/invalid',
  )
})

test('a root key is 33 bytes in base64url', async (t) => {
  const whole = formatRelayUrl({ origin: 'https://relay.example', rootKey: filled(33, 5) })
  t.same(parseRelayUrl(whole).rootKey, filled(33, 5))
  t.equal(
    codeOf(() => parseRelayUrl(whole.slice(0, -1))),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseRelayUrl(`${whole}A`)),
    'usage/invalid',
  )
  t.equal(
    codeOf(() => parseRelayUrl('https://relay.example#root=')),
    'usage/invalid',
  )
})

test('loopback is this machine and nothing that looks like it', async (t) => {
  t.ok(isLoopback('http://127.0.0.1:8470'))
  t.ok(isLoopback('http://127.255.0.9'))
  t.ok(isLoopback('http://localhost:80'))
  t.ok(isLoopback('http://[::1]:8470'))
  t.notOk(isLoopback('http://127.0.0.1.example'))
  t.notOk(isLoopback('http://localhost.example'))
  t.notOk(isLoopback('http://10.0.0.1'))
  t.notOk(isLoopback('http://[::2]'))
})

function parsedOrigin(value: string): string | undefined {
  let origin: string | undefined
  const code = codeOf(() => {
    origin = parseRelayUrl(value).origin
  })
  return code === undefined ? origin : undefined
}
