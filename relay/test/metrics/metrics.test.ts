import t, { type Test } from 'tap'
import { ANSWER_OUTCOMES } from '../../src/metrics/meters.js'
import { random, registeredAccount, submission } from '../harness/test-account.js'
import { TestDoor } from '../harness/test-door.js'
import { testFolder, testRelay, type TestRelay } from '../harness/test-relay.js'

/**
 * Every metric with its labels and what these may say; a new one is a decision, made here. No ids,
 * no names, no addresses.
 */
const ALLOWED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  sotto_relay_sockets: { door: ['identified', 'anonymous'] },
  sotto_relay_sockets_opened_total: { door: ['identified', 'anonymous'] },
  sotto_relay_clients_refused_total: { kind: ['frames', 'handshakes', 'heads', 'connections'] },
  sotto_relay_answers_total: { outcome: ANSWER_OUTCOMES },
  sotto_relay_log_events_total: { event: ['relay.started', 'account.registered', 'store.swept'] },
  sotto_relay_envelopes_accepted_total: {},
  sotto_relay_envelopes_accepted_bytes_total: {},
  sotto_relay_rows_delivered_total: {},
  sotto_relay_rows_delivered_bytes_total: {},
  sotto_relay_envelopes_expired_total: {},
  sotto_relay_commits_total: {},
  sotto_relay_answer_seconds: {},
  sotto_relay_commit_seconds: {},
  sotto_relay_commit_operations: {},
  sotto_relay_mailbox_waiting: {},
  sotto_relay_event_loop_delay_seconds: {},
  sotto_relay_draining: {},
  sotto_relay_pressure_level: {},
  sotto_relay_database_bytes: {},
  sotto_relay_write_ahead_log_bytes: {},
  sotto_relay_disk_free_bytes: {},
  sotto_relay_memory_bytes: {},
  sotto_relay_processor_seconds: {},
  sotto_relay_open_files: {},
  sotto_relay_started_timestamp_seconds: {},
  sotto_relay_backup_timestamp_seconds: {},
  sotto_relay_tls_expiry_timestamp_seconds: {},
}

const METERED = { metricsListen: { host: '127.0.0.1', port: 0 } }

async function read(relay: TestRelay): Promise<string> {
  const response = await fetch(relay.metricsUrl ?? '')
  return response.text()
}

/** The value of a sample, as its line begins. */
function valueOf(text: string, sample: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `))
  return Number(line?.slice(sample.length + 1))
}

async function busyRelay(t: Test): Promise<TestRelay> {
  const relay = await testRelay(t, METERED)
  const bob = await registeredAccount(relay, { username: 'plantedmarker.4711' })
  const sender = await TestDoor.open(relay.url, 'anonymous')
  const bodies = [random(1024), random(4096)]
  for (const body of bodies)
    await sender.expect(submission(bob, [bob.envelope({ body })]), 'submitted')
  const door = await TestDoor.login(relay.url, bob)
  await door.next('queueEmpty')
  await sender.ask({ case: 'submit', value: { route: random(16), envelopes: [] } })
  await relay.sweep()
  return relay
}

t.test('what was done is counted', async (t) => {
  const text = await read(await busyRelay(t))

  t.match(
    {
      accepted: valueOf(text, 'sotto_relay_envelopes_accepted_total'),
      bytes: valueOf(text, 'sotto_relay_envelopes_accepted_bytes_total'),
      delivered: valueOf(text, 'sotto_relay_rows_delivered_total'),
      anonymous: valueOf(text, 'sotto_relay_sockets{door="anonymous"}'),
      identified: valueOf(text, 'sotto_relay_sockets_opened_total{door="identified"}'),
      done: valueOf(text, 'sotto_relay_answers_total{outcome="done"}'),
      refused: valueOf(text, 'sotto_relay_answers_total{outcome="refused"}'),
      answers: valueOf(text, 'sotto_relay_answer_seconds_count'),
      waited: valueOf(text, 'sotto_relay_mailbox_waiting_sum'),
      registered: valueOf(text, 'sotto_relay_log_events_total{event="account.registered"}'),
      draining: valueOf(text, 'sotto_relay_draining'),
    },
    {
      ...{ accepted: 2, bytes: 5_120, delivered: 2, anonymous: 1, identified: 1 },
      ...{ done: 2, refused: 1, answers: 3, waited: 2, registered: 1, draining: 0 },
    },
  )
  t.ok(valueOf(text, 'sotto_relay_database_bytes') > 0)
  t.ok(valueOf(text, 'sotto_relay_commits_total') >= 3)
})

t.test('there are the allowed metrics and labels, and no others', async (t) => {
  const text = await read(await busyRelay(t))
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const wrong = samples.filter((line) => {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? []
    const base = name.replace(/_(bucket|sum|count)$/, '')
    const allowed = ALLOWED[name] ?? ALLOWED[base]
    return (
      allowed === undefined ||
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].some(([, label = '', value = '']) =>
        label === 'le' ? !/^[\d.]+$|^\+Inf$/.test(value) : allowed[label]?.includes(value) !== true,
      )
    )
  })
  const names = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name)

  t.same(wrong, [])
  t.same(names.sort(), Object.keys(ALLOWED).sort())
  t.notMatch(text, /plantedmarker|127\.0\.0\.1/)
})

t.test('metrics are read at their own address only', async (t) => {
  const relay = await testRelay(t, METERED)
  const metrics = new URL(relay.metricsUrl ?? '')

  t.equal((await fetch(`${relay.url}/metrics`)).status, 404)
  t.equal((await fetch(new URL('/', metrics))).status, 404)
  t.equal((await fetch(metrics, { method: 'POST' })).status, 404)
  t.match((await fetch(metrics)).headers.get('content-type'), 'text/plain; version=0.0.4')
})

t.test('without an address for them there are none', async (t) => {
  const relay = await testRelay(t)

  t.equal(relay.metricsUrl, undefined)
  t.equal((await fetch(`${relay.url}/metrics`)).status, 404)
})

t.test(
  'an address for metrics that is taken is told, and the relay leaves its folder',
  async (t) => {
    const other = await testRelay(t)
    const [host = '', port = ''] = new URL(other.url).host.split(':')
    const folder = testFolder(t)
    const taken = { folder, metricsListen: { host, port: Number(port) } }

    await t.rejects(testRelay(t, taken), { code: 'config/invalid', message: /in use/ })
    await testRelay(t, { folder })
  },
)
