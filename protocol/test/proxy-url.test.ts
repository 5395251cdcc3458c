import { test } from 'tap'
import { parseProxyUrl } from '../src/proxy-url.js'

test('a proxy has a scheme, a host and a port', async (t) => {
  t.match(parseProxyUrl('socks5h://127.0.0.1:9050'), {
    scheme: 'socks5h',
    shown: 'socks5h://127.0.0.1:9050',
    hasCredentials: false,
  })
  t.equal(parseProxyUrl('socks5://Proxy.example').shown, 'socks5://proxy.example:1080')
  t.equal(parseProxyUrl('http://proxy.example/').shown, 'http://proxy.example:80')
  t.equal(parseProxyUrl('https://[::1]:3128').shown, 'https://[::1]:3128')
})

test('what a proxy may be shown as never holds its credentials', async (t) => {
  const proxy = parseProxyUrl('http://me:hunter2@proxy.example:3128')
  t.equal(proxy.shown, 'http://proxy.example:3128')
  t.equal(proxy.url, 'http://me:hunter2@proxy.example:3128')
  t.ok(proxy.hasCredentials)
})

test('what is no proxy is refused, without saying it again', async (t) => {
  const wrong = [
    '',
    'proxy.example:3128',
    'socks4://proxy.example',
    'ftp://me:hunter2@proxy.example',
    'http://proxy.example:0',
    'http://proxy.example:70000',
    'http://me:hunter2@proxy.example:99999',
    'http://proxy.example/path',
    'http://a b',
    'http://[:::]',
    'http://me:x\\@proxy.example',
    'socks5h://256.0.0.1',
  ]
  for (const value of wrong) {
    t.throws(() => parseProxyUrl(value), { code: 'usage/invalid', message: 'not a proxy' })
  }
})

test('a password that is not percent-encoded is refused, without saying it again', async (t) => {
  for (const value of ['http://me:100%@proxy.example', 'socks5h://me:%ff@proxy.example']) {
    t.throws(() => parseProxyUrl(value), {
      code: 'usage/invalid',
      message: 'the proxy’s user or password is not percent-encoded',
      fix: /%25/,
    })
  }
  t.ok(parseProxyUrl('http://me:100%25@proxy.example').hasCredentials)
})
