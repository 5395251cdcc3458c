import type { EventObject, MethodParams, TimelineEventObject } from '@sotto/client-core'
import type { UnavailableError } from '@sotto/protocol'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'

import { DemoClient } from '../../src/demo.js'
import { openLineChat, PLAIN, type ChatClient } from '../../src/index.js'
import { answering } from '@sotto/client-core/simulation'
import { CONTACT, CONVERSATION, CONVERSATION_DETAIL, line, sentEvent } from './objects.js'

/** A disk that takes everything. */
const FILES = { exportTo: async (_: string, path: string) => ({ path, messages: 2 }) }

/** One contact, with what the test wants to have happened. */
export class StubClient implements ChatClient {
  readonly sent: MethodParams<'message.send'>[] = []
  marked = 0
  accepted = 0
  failWith: UnavailableError | undefined
  readonly #listeners = new Set<(event: EventObject) => void>()
  readonly events: readonly TimelineEventObject[]

  constructor(events: readonly TimelineEventObject[] = []) {
    this.events = events
  }

  emit(event: EventObject): void {
    for (const listener of this.#listeners) listener(event)
  }

  readonly call = answering({
    'contact.accept': () => {
      this.accepted += 1
      return CONTACT
    },
    'contact.list': () => [CONTACT],
    'relay.connect': () => ({}),
    'conversation.history': () => [line({ text: 'earlier' })],
    'conversation.events': () => this.events,
    'conversation.markRead': () => {
      this.marked += 1
      return CONVERSATION_DETAIL
    },
    'verify.show': () => ({
      ...{ handle: '@bob.42', safetyNumber: '12345'.repeat(12), verified: false },
    }),
    'message.send': (request) => {
      if (this.failWith !== undefined) throw this.failWith
      this.sent.push(request)
      this.emit(sentEvent(request.text))
      const result = { status: 'queued' as const, conversation: CONVERSATION, results: [] }
      return { result, exitCode: 0 }
    },
  })
  subscribe = (listener: (event: EventObject) => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** A chat over pipes, or over streams that believe they are a terminal. */
export async function openChat({
  terminal = false,
  events = [],
}: { readonly terminal?: boolean; readonly events?: readonly TimelineEventObject[] } = {}) {
  const client = new StubClient(events)
  const input = new PassThrough()
  const output = new PassThrough()
  let text = ''
  output.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const conversation = { to: `acct:${CONTACT.id}`, name: '@bob.42', kind: 'direct' as const }
  const nowMs = () => Date.parse('2026-10-31T12:00:00Z')
  const ended = openLineChat({
    ...{ client, conversation, input, output, terminal, paint: PLAIN, nowMs, files: FILES },
  })
  await settled() // The history is shown.
  return {
    client,
    ended,
    shown: () => text,
    clear: () => (text = ''),
    /** Types a line and lets it be taken. */
    async type(typed: string) {
      input.write(`${typed}\n`)
      await settled()
    },
    press: async (keys: string) => {
      input.write(keys)
      await settled()
    },
    end: () => input.end(),
  }
}

/** Over the made-up world, with nothing chosen. */
export function openDemoChat() {
  const nowMs = () => Date.parse('2026-10-31T14:05:00Z')
  const client = new DemoClient(nowMs)
  const input = new PassThrough()
  const output = new PassThrough()
  let text = ''
  output.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const ended = openLineChat({
    ...{
      client,
      conversation: undefined,
      input,
      output,
      terminal: false,
      paint: PLAIN,
      nowMs,
      files: FILES,
    },
  }).finally(() => client.close())
  return {
    ended,
    type: (line: string) => input.write(`${line}\n`),
    /** What is printed from here on; what was waited for is not seen again. */
    async shows(wanted: RegExp) {
      while (!wanted.test(text)) await once(output, 'data')
      text = text.replace(wanted, '')
    },
  }
}

export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
}
