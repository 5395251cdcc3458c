import { join } from 'node:path'

import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'tap'

import { SOTTO, sotto, succeed, tempDir } from '../harness/index.js'
import { moveProgram } from './support/move-program.js'

interface Listed {
  readonly name: string
}

test('schemas are listed and printed by a program that was moved elsewhere', async (t) => {
  const dir = tempDir(t)
  const program = moveProgram(SOTTO, join(dir, 'program'), [])
  const ask = (...args: string[]) => succeed(sotto(dir, ['schema', ...args], { program }))

  const listed = await ask('--json')
  const forPeople = await ask()
  const event = await ask('event')
  const [part] = (await ask('gap', '--json')).jsonLines<object>()

  const names = listed.jsonLines<Listed>().map(({ name }) => name)
  t.ok(['error', 'event', 'message', 'rpc', 'send'].every((name) => names.includes(name)))
  t.equal(forPeople.stdout.trimEnd().split('\n').length, names.length)
  t.doesNotThrow(() => new Ajv2020().compile(event.json<object>()))
  t.match(part, { name: 'gap', schema: { properties: { type: { const: 'gap' } } } })
})

test('a version says what it is by its own schema', async (t) => {
  const dir = tempDir(t)
  const schema = await succeed(sotto(dir, ['schema', 'version']))
  const version = await succeed(sotto(dir, ['version', '--json']))
  t.ok(new Ajv2020().compile(schema.json<object>())(version.json<object>()))
})

test('a schema that does not exist is a usage error with a hint', async (t) => {
  const asked = await sotto(tempDir(t), ['schema', 'evnet', '--json'])
  t.match(asked.error(), {
    code: 'usage/invalid',
    exit: 64,
    fix: /Did you mean sotto schema event\?/,
  })
})
