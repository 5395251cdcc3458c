import { test } from 'tap'

import { sotto, succeed, tempDir } from '../harness/index.js'
import { beginPair } from './support/pair.js'
import { schemaFaults } from './support/schemas.js'

interface Hit {
  readonly message: { readonly id: string; readonly text: string }
  readonly match: { readonly start: number; readonly end: number } | null
}

test('messages are found by words and operators, newest first', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, 'the deploy failed, see https://ci.example/4312']))
  await succeed(alice.run(['receive']))
  for (const text of ['roll back the deploy', 'Über-café', 'unrelated'])
    await succeed(alice.run(['send', bob.handle, text]))
  const search = async (...args: string[]) => {
    const outcome = await succeed(alice.run(['search', '--json', ...args]))
    t.same(schemaFaults('search', outcome.stdout), [])
    return outcome.jsonLines<Hit>()
  }
  const texts = async (...args: string[]) =>
    (await search(...args)).map(({ message }) => message.text)
  const deploys = ['roll back the deploy', 'the deploy failed, see https://ci.example/4312']

  t.same(await texts('deploy'), deploys)
  t.same(await texts('"roll back"'), [deploys[0]])
  t.same(await texts('DEPLOY', '-n', '1'), [deploys[0]])
  t.same(await texts('deploy -"roll back"'), [deploys[1]])
  t.same(await texts('uber OR failed'), ['Über-café', deploys[1]])
  t.same(await texts('depl*', '--from', bob.handle), [deploys[1]])
  t.same(await texts('from:me deploy'), [deploys[0]])
  t.same(await texts('--has', 'link'), [deploys[1]])
  t.same(await texts('--in', bob.handle, '--after', '1d', '-n', '1'), ['unrelated'])
  const [newest, oldest] = await search('deploy')
  t.same(newest?.match, { start: 14, end: 20 })
  t.same(await texts('deploy', '--before', newest!.message.id), [oldest!.message.text])
  const [operatorsOnly] = await search(`in:${bob.handle}`, '-n', '1')
  t.equal(operatorsOnly?.match, null)
})

test('people see a line a hit, in which nothing of others’ is obeyed', async (t) => {
  const { alice, bob } = await beginPair(t)
  await succeed(bob.run(['send', alice.handle, `needle \u001b[31m${'x '.repeat(100)}`]))
  await succeed(alice.run(['receive']))

  const { stdout } = await succeed(alice.run(['search', 'needle']))

  t.match(stdout, /^\d\d:\d\d @bob\.42: needle \\x1b\[31mx .*…\n$/)
  t.ok(stdout.length <= 81)
})

test('where nothing is found stdout is empty, a note says so, and it ends 1', async (t) => {
  const { alice } = await beginPair(t)
  const nothing = await alice.run(['search', 'absent', '--json'])
  t.match(nothing, { code: 1, stdout: '' })
  t.same(schemaFaults('note', nothing.stderr), [])
  t.match(await alice.run(['search', '-q', 'absent']), { code: 1, stdout: '', stderr: '' })
})

test('a search that cannot be done says why', async (t) => {
  const { alice } = await beginPair(t)
  const search = async (...args: string[]) =>
    (await alice.run(['search', '--json', ...args])).error()
  t.match(await search(), { code: 'usage/invalid', exit: 64 })
  t.match(await search('"open'), { exit: 64, message: 'a quotation mark is not closed' })
  t.match(await search('a OR'), { exit: 64 })
  t.match(await search('a', '-n', '0'), { exit: 64 })
  t.match(await search('a', '--before', 'soon'), { exit: 64 })
  t.match(await search('a', '--has', 'file'), { exit: 64, message: /has:file/ })
  t.match(await search('a', '--type', 'poll'), { exit: 64, message: /type:poll/ })
  t.match(await search('from:@nobody.99'), { code: 'recipient/unknown', exit: 67 })
  t.match(await search('in:bob a'), { code: 'recipient/unknown', exit: 67 })
  t.match(await search('a', '--from', 'bob'), { code: 'recipient/unknown', exit: 67 })
  t.match(await search('a', '--before', 'm_00000000'), { code: 'message/unknown', exit: 67 })
  t.match(await sotto(tempDir(t), ['search', 'a']), { code: 84 })
})
