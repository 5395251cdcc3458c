import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { SETTING_NAMES, variableOf } from '../../src/config/settings.js'
import { testFolder, testRelay } from '../harness/test-relay.js'

const RELAY = fileURLToPath(import.meta.url).replace(/out\/test\/.*$/, '')

function opsFile(name: string): string {
  return readFileSync(join(RELAY, 'ops', name), 'utf8')
}

const DASHBOARD = opsFile('grafana-dashboard.json')
const ALERTS = opsFile('prometheus-alerts.yml')
const UNIT = opsFile('sotto-relay.service')
const CONTAINER = opsFile('Containerfile')

t.test(
  'every metric in the dashboard and in the alert rules exists, and the dashboard shows all',
  async (t) => {
    const relay = await testRelay(t, { metricsListen: { host: '127.0.0.1', port: 0 } })
    const text = await (await fetch(relay.metricsUrl ?? '')).text()
    const types = new Map(
      [...text.matchAll(/^# TYPE (\w+) (\w+)/gm)].map(([, name = '', type = '']) => [name, type]),
    )
    const named = (source: string) =>
      [...source.matchAll(/\bsotto_relay_\w+/g)].map(([name]) => name)
    const baseOf = (name: string) => (types.has(name) ? name : name.replace(/_bucket$/, ''))

    const unknown = [...named(DASHBOARD), ...named(ALERTS)].filter((name) => {
      const isHistogram = types.get(baseOf(name)) === 'histogram'
      return !types.has(baseOf(name)) || isHistogram !== name.endsWith('_bucket')
    })
    const shown = new Set(named(DASHBOARD).map(baseOf))

    t.same(unknown, [])
    t.same(
      [...types.keys()].filter((name) => !shown.has(name)),
      [],
    )
  },
)

t.test('every event that an alert waits for is one that the relay logs', async (t) => {
  const log = readFileSync(join(RELAY, 'src/log.ts'), 'utf8')
  const events = [...ALERTS.matchAll(/event="([^"]+)"/g)].map(([, event = '']) => event)

  t.ok(events.length >= 4)
  t.same(
    events.filter((event) => !log.includes(`'${event}':`)),
    [],
  )
})

t.test('the dashboard is JSON that Grafana reads', async (t) => {
  const { title, panels } = JSON.parse(DASHBOARD) as {
    title: string
    panels: { id: number; targets: { expr: string }[] }[]
  }

  t.equal(title, 'sotto relay')
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  t.ok(panels.every(({ targets }) => targets.length > 0))
})

t.test('what the unit and the container file set are settings', async (t) => {
  const variables = [...`${UNIT}${CONTAINER}`.matchAll(/SOTTO_RELAY_\w+/g)].map(([name]) => name)
  const known = [...SETTING_NAMES.map(variableOf), 'SOTTO_RELAY_CONFIG']

  t.ok(variables.length >= 4)
  t.same(
    variables.filter((name) => !known.includes(name)),
    [],
  )
})

t.test('the container file copies what a build makes', async (t) => {
  const copied = [...CONTAINER.matchAll(/^COPY --from=build \/build\/relay\/(\S+)/gm)]

  t.equal(copied.length, 2)
  t.same(
    copied.filter(([, path = '']) => !existsSync(join(RELAY, path))),
    [],
  )
})

t.test('what a build makes on this machine is not sent into the container', async (t) => {
  const linesOf = (name: string) =>
    readFileSync(join(RELAY, '..', name), 'utf8')
      .trim()
      .split('\n')
  const kept = linesOf('.gitignore').map((line) => `**/${line.replace(/\/$/, '')}`)

  t.same(linesOf('.dockerignore').sort(), [...kept, '.git'].sort())
})

const hasPromtool = spawnSync('promtool', ['--version']).status === 0

t.test(
  'Prometheus reads the alert rules, and every expression of the dashboard',
  { skip: !hasPromtool && 'needs promtool' },
  async (t) => {
    const { panels } = JSON.parse(DASHBOARD) as { panels: { targets: { expr: string }[] }[] }
    const rules = panels
      .flatMap(({ targets }) => targets)
      .map(({ expr }, index) => ({
        record: `dashboard:${String(index)}`,
        expr: expr.replaceAll('$job', 'relay').replaceAll('$__rate_interval', '1m'),
      }))
    const dashboard = join(testFolder(t), 'dashboard.yml') // JSON is YAML.
    writeFileSync(dashboard, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }))
    const alerts = join(RELAY, 'ops/prometheus-alerts.yml')

    const { status, stdout, stderr } = spawnSync(
      'promtool',
      ['check', 'rules', alerts, dashboard],
      {
        encoding: 'utf8',
      },
    )

    t.equal(status, 0, stderr)
    t.match(stdout, new RegExp(`SUCCESS: ${String(rules.length)} rules found`))
  },
)

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

t.test(
  'systemd finds no fault in the unit',
  { skip: !hasSystemd && 'needs systemd-analyze' },
  async (t) => {
    const folder = testFolder(t)
    const unit = join(folder, 'sotto-relay.service')
    copyFileSync(join(RELAY, 'ops/sotto-relay.service'), unit)

    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
      encoding: 'utf8',
    })

    const ours = stderr.split('\n').filter((line) => line.includes('sotto-relay'))
    t.same(ours, [])
    t.equal(status, 0, stderr)
  },
)

t.test(
  'systemd calls the unit well protected',
  { skip: !hasSystemd && 'needs systemd-analyze' },
  async (t) => {
    const unit = join(RELAY, 'ops/sotto-relay.service')
    const report = execFileSync(
      'systemd-analyze',
      ['security', '--offline=yes', '--no-pager', '--threshold=30', unit],
      { encoding: 'utf8' },
    )

    t.match(report, /Overall exposure level for sotto-relay\.service: [0-2]\.\d/)
  },
)
