import type { Client, RelayCheckObject, StoreCheckObject } from '@sotto/client-core'
import { asSottoError } from '@sotto/protocol'

import type { Invocation } from '../commands/command.js'
import { loadCore } from '../core.js'
import { withClient } from '../with-client.js'
import { fail, warn, well, type Check } from './machine.js'

const RELAY_MS_MAX = 10_000
const SKEW_MS_MAX = 5 * 60_000
const PREKEYS_MIN = 10
const NO_TLS = /^http:\/\/(?!127\.|localhost|\[::1\])/

/** What takes the compiled parts, the home, and, where it opens, the account. */
export async function accountChecks(
  invocation: Invocation,
  fix: boolean,
): Promise<readonly Check[]> {
  const { globals, world } = invocation
  const checks: Check[] = []
  try {
    const { examineHome } = await loadCore()
    checks.push(well('parts', 'libsignal and the database load'))
    const home = { dataDir: globals.dataDir }
    checks.push(...examineHome({ home, fix, runtimeDir: world.env['XDG_RUNTIME_DIR'] }))
    await withClient(invocation, async (client) => {
      checks.push(...(await openChecks(client, fix, globals.timeoutMs ?? RELAY_MS_MAX)))
      return 0
    })
  } catch (thrown) {
    world.signal.throwIfAborted()
    checks.push(notOpen(thrown))
  }
  return checks
}

/** An account that does not open is looked at from outside only. */
function notOpen(thrown: unknown): Check {
  const { code, message, fix } = asSottoError(thrown)
  if (code === 'account/none' || code === 'account/ambiguous') return warn('account', message, fix)
  if (code === 'store/passphrase-needed') return warn('store', message, fix)
  if (code === 'account/busy') return warn('owner', message, fix)
  return fail(code.startsWith('store/') ? 'store' : 'account', message, fix)
}

async function openChecks(
  client: Client,
  fix: boolean,
  timeoutMs: number,
): Promise<readonly Check[]> {
  const store = await client.call('store.check', { fix })
  const relay = await client.call('relay.check', { timeoutMs })
  const how = client.remote ? 'is open in the process that owns it' : 'opens'
  return [
    well('account', `${client.account.username ?? client.account.id} ${how}`),
    ...storeChecks(store),
    ...relayChecks(relay),
    ...(relay.usernameIsOurs ? [] : [usernameTaken(client.account.username ?? '')]),
  ]
}

function storeChecks(store: StoreCheckObject): readonly Check[] {
  const { fileFaults, searchIsWhole, repaired, stuck, queued, quarantined, oneTimePrekeys } = store
  return [
    fileFaults.length === 0
      ? well('store', 'the database is whole')
      : fail(
          'store',
          `the database is damaged: ${fileFaults[0] ?? ''}`,
          'Restore it from a backup.',
        ),
    searchIsWhole
      ? well('search', repaired ? 'the search index was made anew' : 'the search index is whole')
      : fail('search', 'the search index does not fit the messages', 'sotto doctor --fix'),
    stuck === 0
      ? well('outbox', `${String(queued)} wait to be sent`)
      : warn('outbox', `${String(stuck)} were tried in vain again and again`, 'sotto outbox list'),
    quarantined === 0
      ? well('quarantine', 'everything that came could be opened')
      : warn('quarantine', `${String(quarantined)} could not be opened`, 'sotto store stats'),
    oneTimePrekeys >= PREKEYS_MIN
      ? well('prekeys', `${String(oneTimePrekeys)} one-time prekeys`)
      : warn('prekeys', `only ${String(oneTimePrekeys)} one-time prekeys`, 'sotto receive'),
    certificate(store),
  ]
}

function certificate({ certificateExpiresAt }: StoreCheckObject): Check {
  const isAlive = certificateExpiresAt !== null && Date.parse(certificateExpiresAt) > Date.now()
  if (isAlive) return well('certificate', `good until ${certificateExpiresAt}`)
  return warn('certificate', 'there is none, or it has ended', 'It is drawn with sotto receive.')
}

function usernameTaken(username: string): Check {
  return warn(
    'username',
    `${username} belongs to another account at this relay`,
    'Take another one: sotto account edit --username …',
  )
}

function relayChecks({ relay, error, rootMatches, skewMs }: RelayCheckObject): readonly Check[] {
  if (error !== null) return [fail('relay', error.message, error.fix)]
  if (!rootMatches) {
    return [fail('relay', `${relay} shows another root key`, 'Ask its operator. Send nothing.')]
  }
  const minutes = Math.round(Math.abs(skewMs) / 60_000)
  return [
    NO_TLS.test(relay)
      ? warn('relay', `${relay} answers, without TLS`, 'Use a relay with https.')
      : well('relay', `${relay} answers, with the root key we know`),
    Math.abs(skewMs) <= SKEW_MS_MAX
      ? well('clock', 'this machine and the relay agree')
      : warn('clock', `this clock is ${String(minutes)} minutes off`, 'Set it: timedatectl'),
  ]
}
