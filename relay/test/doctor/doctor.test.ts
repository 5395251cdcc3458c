import { chmodSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Check } from '../../src/doctor/check.js'
import { registeredAccount } from '../harness/test-account.js'
import { runRelay } from '../harness/relay-process.js'
import { writeCertificate } from '../harness/test-certificate.js'
import { testFolder, testRelay } from '../harness/test-relay.js'

async function doctor(folder: string, ...args: readonly string[]) {
  const { code, output } = await runRelay(['doctor', '--data', folder, '--json', ...args])
  const checks = output
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { check: Check }).check)
  const find = (name: string, status: Check['status']) =>
    checks.find((check) => check.name === name && check.status === status)
  return { code, checks, find }
}

async function usedFolder(t: Test): Promise<string> {
  const relay = await testRelay(t)
  await registeredAccount(relay)
  await relay.close()
  return relay.folder
}

t.test('a relay that runs is well in every respect', async (t) => {
  const { folder } = await testRelay(t)

  const { code, checks } = await doctor(folder)

  t.equal(code, 0)
  t.same(
    checks.map(({ name }) => name),
    ['config', 'disk', 'files', 'clock', 'limits', 'reach', 'folder', 'keys', 'database', 'relay'],
  )
  t.same(
    checks.filter(({ status }) => status === 'error'),
    [],
  )
  t.match(checks.find(({ name }) => name === 'relay')?.message, /^runs at http/)
})

t.test('where nothing is yet, nothing is wrong', async (t) => {
  const { code, find } = await doctor(join(testFolder(t), 'new'))

  t.equal(code, 0)
  t.match(find('folder', 'ok')?.message, /not there yet/)
})

t.test('faults of the configuration are told beside all else', async (t) => {
  const { code, find } = await doctor(await usedFolder(t), '--listen', 'nowhere')

  t.equal(code, 1)
  t.match(find('config', 'error')?.message, /--listen nowhere/)
  t.ok(find('database', 'ok'))
})

t.test('files that others may read are a warning, with what to do', async (t) => {
  const folder = await usedFolder(t)
  chmodSync(join(folder, 'relay.db'), 0o644)

  const { code, find } = await doctor(folder)

  t.equal(code, 0)
  t.match(find('folder', 'warning')?.fix, /^chmod go= .*relay\.db$/)
})

t.test('lost keys and a damaged database are errors', async (t) => {
  const folder = await usedFolder(t)
  rmSync(join(folder, 'keys'), { recursive: true })
  writeFileSync(join(folder, 'relay.db'), 'x'.repeat(50_000))

  const { code, find } = await doctor(folder)

  t.equal(code, 1)
  t.match(find('keys', 'error')?.fix, /Restore the keys folder/)
  t.match(find('database', 'error')?.fix, /admin restore/)
})

t.test('a clock behind what was written is an error', async (t) => {
  const folder = await usedFolder(t)
  const tomorrow = new Date(Date.now() + 86_400_000)
  utimesSync(join(folder, 'relay.db'), tomorrow, tomorrow)

  t.match((await doctor(folder)).find('clock', 'error')?.fix, /Set the clock/)
})

t.test('more connections than files may be open are a warning', async (t) => {
  const { find } = await doctor(testFolder(t), '--limit', 'connections=1000000')

  t.match(find('files', 'warning')?.fix, /LimitNOFILE=/)
})

t.test('a certificate is looked at: its names, its end, its key', async (t) => {
  const folder = testFolder(t)
  const files = testFolder(t)
  const { cert, key } = writeCertificate(files)
  const tls = ['--tls-cert', cert, '--tls-key', key]

  const short = await doctor(folder, ...tls, '--public-host', 'localhost')
  const unnamed = await doctor(folder, ...tls, '--public-host', 'relay.example')
  writeCertificate(files, { days: 90 })
  const good = await doctor(folder, ...tls, '--public-host', 'localhost')
  writeFileSync(key, 'none')
  const broken = await doctor(folder, ...tls, '--public-host', 'localhost')

  t.match(short.find('tls', 'warning')?.message, /expires in 1 days/)
  t.match(unnamed.find('tls', 'error')?.message, /does not name relay\.example/)
  t.match(good.find('tls', 'ok')?.message, /good for 89 days/)
  t.equal(broken.code, 1)
})

t.test('limits that do nothing and ways that lead nowhere are warnings', async (t) => {
  const limits = ['--limit', 'strangerEnvelopes=100', '--limit', 'mailboxEnvelopes=10']
  const { code, find } = await doctor(testFolder(t), ...limits, '--public-host', 'relay.example')

  t.equal(code, 0)
  t.match(find('limits', 'warning')?.fix, 'Lower strangerEnvelopes.')
  t.match(find('reach', 'warning')?.fix, /--trusted-proxy/)
})
