import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { lineLog } from '../src/log.js'

/** Every event and its fields; a new one is a decision, made here. Nothing that names anybody. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'relay.started': ['port', 'epoch', 'tookMs'],
  'relay.not-started': ['exit'],
  'relay.draining': ['sockets'],
  'relay.stopped': ['tookMs'],
  'relay.limit-reached': ['sockets'],
  'clients.refused': ['frames', 'handshakes', 'heads', 'connections'],
  'pressure.changed': ['from', 'to', 'diskFreeMiB', 'memoryMiB', 'loopDelayMs'],
  'admin.unavailable': [],
  'backup.made': ['madeMs'],
  'tls.reloaded': ['days'],
  'tls.reload-failed': [],
  'tls.expired': [],
  'store.failed': ['failuresInRow'],
  'store.swept': ['mailboxes', 'expired', 'tookMs'],
  'sweep.failed': [],
  'account.registered': [],
  'account.deleted': [],
  'devices.expired': ['devices'],
  'request.broke': [],
}

t.test('the log knows the allowed events and fields, all of them numbers', async (t) => {
  const source = readFileSync(
    fileURLToPath(import.meta.url).replace(/out\/test\/.*$/, 'src/log.ts'),
    'utf8',
  )
  const events = /interface LogEvents \{([^]*?)\n\}/.exec(source)?.[1] ?? ''
  const found = [...events.matchAll(/'([a-z.-]+)': (?:\{([^}]*)\}|Record<string, never>)/g)].map(
    ([, event = '', fields = '']) => [
      event,
      [...fields.matchAll(/readonly (\w+): number/g)].map(([, name]) => name),
    ],
  )

  t.same(Object.fromEntries(found), ALLOWED)
  t.notMatch(events, /string(?!, never)|Bytes|unknown|any/)
})

t.test('a log line is one JSON object with time, level, event and fields', async (t) => {
  const lines: string[] = []
  const log = lineLog({ write: (line) => lines.push(line), nowMs: () => 0 })

  log.warn('relay.draining', { sockets: 3 })

  t.same(lines, [
    '{"ts":"1970-01-01T00:00:00.000Z","level":"warn","event":"relay.draining","sockets":3}\n',
  ])
})
