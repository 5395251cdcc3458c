import t from 'tap'
import { base64url } from '@sotto/protocol'
import { testRelay } from '../harness/test-relay.js'

t.test(
  'the landing page says what is kept, for how long, the limits and the root key',
  async (t) => {
    const relay = await testRelay(t, { limits: { retentionDays: 7, mailboxEnvelopes: 1234 } })

    const response = await fetch(`${relay.url}/`)
    const page = await response.text()

    t.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    t.match(page, base64url(relay.rootKey))
    t.match(page, 'or for 7 days')
    t.match(page, /mailboxEnvelopes<td>1,234/)
    t.match(page, 'Anybody can make an account here.')
  },
)

t.test('a relay with codes says that one is needed', async (t) => {
  const relay = await testRelay(t, { registration: 'invite' })

  t.match(await (await fetch(`${relay.url}/`)).text(), /sign-up code from the operator/)
})

t.test('the landing page runs and loads nothing, and may not', async (t) => {
  const relay = await testRelay(t)

  const response = await fetch(`${relay.url}/`)
  const page = await response.text()

  const policy = response.headers.get('content-security-policy') ?? ''
  t.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/=]+';/)
  t.notMatch(policy, 'unsafe')
  t.notMatch(page, /<script|<img|<link|<iframe|<form|src=|@import|url\(|https?:| on\w+=/i)
  t.equal(response.headers.get('referrer-policy'), 'no-referrer')
})

t.test('without its tags the landing page still reads in its order', async (t) => {
  const relay = await testRelay(t)

  const page = await (await fetch(`${relay.url}/`)).text()
  const text = page.replace(/<style>[^]*<\/style>/, '').replace(/<[^>]*>/g, '')

  const order = ['A sotto relay', 'Root key', 'What it keeps', 'Limits', 'sotto-relay 0.1.0']
  const places = order.map((heading) => text.lastIndexOf(heading))
  t.same(
    places,
    [...places].sort((a, b) => a - b),
  )
  t.notOk(places.includes(-1))
})
