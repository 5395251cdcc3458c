import { join } from 'node:path'

import { test } from 'tap'

import { personAt, startRelay, succeed, tempDir, type Outcome } from '../harness/index.js'

/** The words of a line as somebody types it. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

/** Somebody who types `sotto …` lines, and after an error what the error says. */
class Newcomer {
  readonly #home: string
  readonly #relay: string

  constructor(dir: string, name: string, relay: string) {
    this.#home = join(dir, name)
    this.#relay = relay
  }

  /** Types a line; the relay of the documentation's examples is the one that is running. */
  type(line: string): Promise<Outcome> {
    const here = line.replaceAll(/https?:\/\/\S+|\bURL\b/g, this.#relay)
    return personAt(this.#home, '').run(wordsOf(here).slice(1))
  }

  /** Types something wrong, and then the command that the error names, which works. */
  async misread(line: string, exit: number): Promise<Outcome> {
    const wrong = await this.type(line)
    if (wrong.code !== exit) throw new Error(`${line}: ${String(wrong.code)}\n${wrong.stderr}`)
    const hint = wrong.stderr.replace(/^.*\n/, '')
    const fix = /(?:Did you mean |: |^ +)(sotto [^?\n]+?)(?: or sotto [^?]*)?\??$/m.exec(hint)
    if (fix?.[1] === undefined) throw new Error(`${line} names no command:\n${wrong.stderr}`)
    return succeed(this.type(fix[1]))
  }
}

test('the first ten minutes, mistakes included: every error names a command that works', async (t) => {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const alice = new Newcomer(dir, 'alice', relay.url)
  const bob = new Newcomer(dir, 'bob', relay.url)

  // Alice looks around.
  t.match((await alice.type('sotto')).stdout, /sotto account create --relay URL/)
  t.match((await alice.type('sotto --help')).stdout, /contact add\|/)
  t.match((await alice.type('sotto help recipients')).stdout, /@alice\.42/)

  // She begins with what she came for, and is told what is missing.
  t.match((await alice.misread('sotto send @bob.42 hello', 84)).stdout, /^alice\.42 /)
  t.match((await alice.misread('sotto whoami', 64)).stdout, /^alice\.42 /)

  // Bob is not there yet; then he is.
  t.match(await alice.type('sotto send @bob.42 hello'), { code: 67, stderr: /recipient\/unknown/ })
  await succeed(bob.type(`sotto account create --relay ${relay.url} --username bob.42`))

  // She forgets the @, and mistypes the verb.
  t.match(await alice.type('sotto send bob.42 hello'), {
    code: 67,
    stderr: /Did you mean @bob\.42\?/,
  })
  t.match(await alice.type('sotto sned @bob.42 hello'), { code: 64, stderr: /sotto send\?/ })
  t.match(await alice.type('sotto send @bob.42 hello bob'), { code: 64, stderr: /Quote the text/ })
  t.match((await succeed(alice.type('sotto send @bob.42 "hello bob"'))).stdout, /^m_/)

  // Bob looks for an inbox, and answers the request with the command it shows.
  const asked = await bob.misread('sotto inbox', 64)
  t.match(asked.stdout, /request from .*@alice\.42.*hello bob/)
  const accept = /accept: (sotto contact accept \S+)/.exec(asked.stdout)?.[1] ?? ''
  t.match((await succeed(bob.type(accept))).stdout, /@alice\.42 {2}known/)
  await succeed(bob.type('sotto send @alice.42 "hi alice"'))

  // She reads it, and gives him a name.
  t.match((await succeed(alice.type('sotto receive'))).stdout, /@bob\.42: hi alice/)
  t.match(await alice.type('sotto history @bob'), { code: 67, stderr: /@bob\.42/ })
  await succeed(alice.type('sotto contact add @bob.42 --as bob'))
  t.match((await succeed(alice.type('sotto history @bob'))).stdout, /you: hello bob[^]*hi alice/)

  // A noun alone, an option of another program, an empty outbox.
  t.match(await alice.type('sotto outbox'), { code: 64, stderr: /sotto outbox list/ })
  t.match(await alice.type('sotto receive -o json'), { code: 64, stderr: /--json prints JSON/ })
  t.match(await alice.type('sotto outbox list'), { code: 0, stdout: '' })

  // They compare numbers.
  const hers = (await succeed(alice.type('sotto verify show @bob'))).stdout.match(/\d{5}/g)
  const his = (await succeed(bob.type('sotto verify show @alice.42'))).stdout.match(/\d{5}/g)
  t.same(hers, his)
  const confirm = `sotto verify confirm @bob --number ${hers?.join('') ?? ''}`
  t.match((await succeed(alice.type(confirm))).stdout, /verified/)
})
