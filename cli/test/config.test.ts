import { test } from 'tap'

import { parseConfig, type ConfigText } from '../src/config/parse-config.js'
import { findLine, setLine } from '../src/config/toml-lines.js'

const user = (text: string): ConfigText => ({ origin: 'user', path: '/u.toml', text })
const project = (text: string): ConfigText => ({ origin: 'project', path: '/p/.sotto.toml', text })

const valuesOf = (...texts: readonly ConfigText[]) => {
  const { entries, faults } = parseConfig(texts)
  return { faults, values: Object.fromEntries([...entries].map(([key, each]) => [key, each])) }
}

test('the first file that says something of a key has its word', async (t) => {
  const { values, faults } = valuesOf(
    project('timeout = "5s"\n'),
    user('timeout = "30s"\naccount = "alice.42"\n[contacts]\naccept = "everyone"\n'),
  )
  t.same(faults, [])
  t.match(values, {
    timeout: { value: '5s', origin: 'project', path: '/p/.sotto.toml' },
    account: { value: 'alice.42', origin: 'user' },
    'contacts.accept': { value: 'everyone', origin: 'user' },
  })
})

test('every fault of every file is told at once, with file and line', async (t) => {
  const { faults } = valuesOf(
    project('# fine\nproxy = "socks5h://evil.example:1"\n'),
    user('timeout = "soon"\ncolour = "auto"\n\n[contacts]\naccept = true\n'),
    { ...user('a = = b'), path: '/s.toml', origin: 'system' },
  )
  t.match(faults, [
    /^\/p\/\.sotto\.toml:2: proxy must not be in a project’s file$/,
    /^\/u\.toml:1: timeout: not a duration: soon$/,
    /^\/u\.toml:2: there is no key colour; did you mean color\?$/,
    /^\/u\.toml:5: contacts\.accept is not a text in quotes$/,
    /^\/s\.toml:1: not TOML: /,
  ])
  t.equal(faults.length, 5)
})

test('a project may not say whom to accept or how the relay is reached', async (t) => {
  const { faults } = valuesOf(
    project('contacts.accept = "everyone"\nproxy = "none"\naccount = "alice.42"\n'),
  )
  t.match(faults, [/contacts\.accept must not/, /proxy must not/])
})

test('a fault never repeats the password of a proxy', async (t) => {
  const { faults } = valuesOf(
    user('proxy = "ftp://me:hunter2@proxy.example"\n'),
    user('proxy = "http://me:hunter2@proxy.example\n'),
  )
  t.equal(faults.length, 2)
  t.notMatch(faults.join(), /hunter2/)
})

const FILE = `# mine
timeout = "30s" # long enough
account = 'alice.42'

[contacts] # people
# bots only
accept = "ask"
`

test('a setting is changed in its line, and nothing else is', async (t) => {
  t.equal(setLine(FILE, 'timeout', '5m'), FILE.replace('"30s"', '"5m"'))
  t.equal(setLine(FILE, 'account', 'bob.42'), FILE.replace("'alice.42'", '"bob.42"'))
  t.equal(setLine(FILE, 'contacts.accept', 'everyone'), FILE.replace('"ask"', '"everyone"'))
})

test('a setting that was not there is put where it belongs', async (t) => {
  t.equal(setLine('', 'contacts.accept', 'ask'), 'contacts.accept = "ask"\n')
  t.equal(
    setLine(FILE, 'color', 'never'),
    FILE.replace('[contacts]', 'color = "never"\n[contacts]'),
  )
  t.equal(
    setLine('[contacts]\n', 'contacts.accept', 'everyone'),
    '[contacts]\naccept = "everyone"\n',
  )
})

test('a value with quotes and backslashes is what it was', async (t) => {
  const value = 'a "quoted" \\ back\tslash # no comment'
  const { values } = valuesOf(user(setLine('', 'account', value)))
  t.match(values, { account: { value } })
})

test('keys are found however they are written', async (t) => {
  t.equal(findLine('"contacts" . accept = "ask"', 'contacts.accept')?.number, 1)
  t.equal(findLine('\n[ contacts ]\n accept="ask"', 'contacts.accept')?.number, 3)
  t.equal(findLine('# timeout = "1s"', 'timeout'), undefined)
})
