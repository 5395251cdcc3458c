import { readdirSync, readFileSync } from 'node:fs'

import { Ajv2020 } from 'ajv/dist/2020.js'
import { test } from 'tap'

import { COMMANDS } from '../src/commands/table.js'
import { Output } from '../src/print/output.js'
import { EVENT_TYPES } from '../src/receive/choice.js'
import { eventTypeNames, schemaNames, selfContained } from '../src/schema/schemas.js'
import * as objects from './support/objects.js'
import { Collector } from './support/world.js'

const FOLDER = new URL('../../../docs/schemas/', import.meta.url)
const NAMES = readdirSync(FOLDER).map((file) => file.replace('.json', ''))

/** Programs must pass over what they do not know; these tests must not. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, each]) => [key, closed(each)]))
  return 'properties' in schema ? { additionalProperties: false, ...copy } : copy
}

const ajv = new Ajv2020({ strict: true, allErrors: true })
for (const name of NAMES) {
  ajv.addSchema(closed(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'))) as object)
}

/** What does not fit, as printed; nothing when all is well. */
function faultsOf(name: string, line: string): string[] {
  const validate = ajv.getSchema(`${name}.json`)
  if (validate === undefined) return [`there is no schema ${name}`]
  const value: unknown = JSON.parse(line)
  if (validate(value) === true) return []
  return (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message ?? ''}`)
}

function printed(object: object): string {
  const stdout = new Collector()
  const options = { stdout, stderr: stdout, json: true, quiet: false, color: false }
  new Output({ ...options, nowMs: Date.now }).result(object, () => undefined)
  return stdout.text
}

test('every object the command table names has a schema', async (t) => {
  const named = COMMANDS.flatMap(({ object }) => object?.schema ?? [])
  t.same(
    named.filter((name) => !NAMES.includes(name)),
    [],
  )
})

const EXAMPLES: Readonly<Record<string, readonly object[]>> = {
  account: [{ account: objects.ACCOUNT_DETAIL }],
  'store-key': [{ storeKey: { keyIn: 'passphrase' } }],
  contact: [{ contact: objects.CONTACT }, { contact: objects.CONTACT_DETAIL }],
  verify: [
    { verify: objects.VERIFY },
    { verify: { ...objects.VERIFY, changed: true } },
    { verify: objects.VERIFY_QR },
  ],
  identity: [{ identity: objects.IDENTITY }],
  invite: [
    { invite: objects.INVITE },
    { invite: { ...objects.INVITE, link: null, state: 'used', uses: 1, usesLeft: 0 } },
  ],
  outbox: [{ outbox: objects.OUTBOX }, { outbox: objects.CANCELLED }],
  receipt: [{ receipt: objects.RECEIPT }],
  'message-detail': [
    objects.MESSAGE_DETAIL,
    {
      ...objects.MESSAGE_DETAIL,
      message: {
        ...{ ...objects.CHANGED_MESSAGE, edited: true, deleted: false, receipts: [] },
        reactions: [objects.REACTION],
      },
    },
  ],
  send: [objects.SENT],
  error: [{ error: objects.ERROR }],
  conversation: [
    { conversation: objects.CONVERSATION_DETAIL },
    { conversation: { ...objects.CONVERSATION_DETAIL, mutedUntil: null, lastMessage: null } },
  ],
  search: [
    {
      message: objects.MESSAGE,
      sender: objects.SENDER,
      conversation: objects.CONVERSATION,
      match: { start: 0, end: 5 },
    },
  ],
  message: [
    {
      message: {
        ...{ ...objects.MESSAGE, status: 'read', silent: true, held: true },
        replyTo: { id: objects.MESSAGE.id, author: objects.SENDER.id, quote: 'when?' },
      },
      sender: objects.SENDER,
      conversation: objects.CONVERSATION,
    },
    ...[objects.CHANGED_MESSAGE, objects.DELETED_MESSAGE].map((message) => ({
      ...{ message, sender: objects.SENDER, conversation: objects.CONVERSATION },
    })),
  ],
}

for (const [name, examples] of Object.entries(EXAMPLES)) {
  test(`${name} objects are what their schema says`, async (t) => {
    for (const example of examples) t.same(faultsOf(name, printed(example)), [])
  })
}

for (const event of objects.eventsOf(EVENT_TYPES)) {
  test(`${event.type} is what the schema of events says`, async (t) => {
    t.same(faultsOf('event', printed(event)), [])
  })
}

test('notes are what their schema says', async (t) => {
  const stderr = new Collector()
  const options = { stdout: stderr, stderr, json: true, quiet: false, color: false }
  new Output({ ...options, nowMs: Date.now }).note('something')
  t.same(faultsOf('note', stderr.text), [])
})

test('every object begins with its version', async (t) => {
  t.match(printed(objects.SENT), /^\{"v":1,/)
})

test('an object that lacks a field does not pass', async (t) => {
  t.not(faultsOf('error', '{"v":1,"error":{"code":"a/b"}}').length, 0)
})

/** A schema as `sotto schema` prints it, by a reader that has no other file. */
function readAlone(name: string) {
  return new Ajv2020({ strict: true, allErrors: true }).compile(selfContained(name))
}

interface Examples {
  readonly examples?: readonly object[]
}

for (const name of schemaNames()) {
  test(`schema ${name} needs no other file and is what its examples are`, async (t) => {
    const { examples = [] } = selfContained(name) as Examples
    const validate = readAlone(name)
    t.not(examples.length, 0, 'it has an example')
    for (const example of examples) {
      t.ok(validate(example), JSON.stringify(validate.errors))
      if (name !== 'rpc') t.same(faultsOf(name, JSON.stringify(example)), [])
    }
  })
}

for (const type of eventTypeNames()) {
  test(`schema ${type} is that part of the schema of events`, async (t) => {
    const [event] = objects.eventsOf(EVENT_TYPES.filter((each) => each === type))
    t.ok(readAlone(type)({ v: 1, ...event }))
    t.notOk(readAlone(type)({ v: 1, ...event, type: 'another' }))
  })
}

test('whoever holds an object against its schema accepts what is added later', async (t) => {
  const emitted = NAMES.filter((name) => name !== 'rpc')
  const texts = emitted.map((name) => readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'))
  t.same(
    texts.filter((text) => /"(additional|unevaluated)Properties": false/.test(text)),
    [],
  )
  t.ok(readAlone('version')({ v: 1, version: '9', node: '20', platform: 'x', added: {} }))
})

test('a request with a parameter that does not exist is none', async (t) => {
  const validate = readAlone('rpc')
  t.ok(validate({ method: 'contact.add', params: { to: '@bob.42' } }))
  t.notOk(validate({ method: 'contact.add', params: { to: '@bob.42', silent: true } }))
  t.notOk(validate({ method: 'contact.add', params: {} }))
})
