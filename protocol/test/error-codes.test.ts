import { test } from 'tap'
import { ERROR_CODES, RETRYABLE_CODES } from '../src/error-codes.js'

/** cli.md and docs/CLI.md, "Exit codes": what each may mean, by the codes that end with it. */
const EXITS: Readonly<Record<number, readonly string[]>> = {
  1: ['events/none', 'identity/mismatch'],
  64: ['file/exists', 'usage/invalid'],
  65: [
    'backup/invalid',
    'backup/keys',
    'content/invalid',
    'content/too-large',
    'message/deleted',
    'message/settled',
    'send-id/reused',
  ],
  66: ['file/unknown'],
  67: [
    'invite/elsewhere',
    'invite/unknown',
    'message/unknown',
    'recipient/ambiguous',
    'recipient/self',
    'recipient/unknown',
  ],
  69: ['admin/no-relay', 'proxy/unreachable', 'relay/unavailable', 'relay/unreachable'],
  70: ['bug/invariant'],
  74: ['store/damaged', 'store/failed', 'store/full'],
  75: [
    'message/cancelled',
    'message/expired',
    'signup-work/refused',
    'socket/unanswered',
    'temporary/interrupted',
    'temporary/timeout',
  ],
  76: ['permit/refused', 'relay/root-changed', 'wire/malformed', 'wire/unexpected', 'wire/version'],
  77: [
    'admin/not-allowed',
    'contact/blocked',
    'contact/not-accepted',
    'contact/removed',
    'content/not-yours',
    'relay/refused',
    'relay/registration-closed',
    'signup-code/expired',
    'signup-code/unknown',
    'signup-code/used-up',
    'signup-work/too-much',
    'username/taken',
  ],
  78: ['config/invalid', 'store/newer'],
  79: ['message/queued'],
  80: ['identity/changed', 'identity/forged'],
  81: ['lines/partial', 'recipients/partial'],
  82: ['permit/none', 'relay/quota', 'relay/rate-limited'],
  83: ['account/busy'],
  84: ['account/ambiguous', 'account/none', 'device/unlinked'],
  85: ['message/unseen'],
  86: ['store/locked', 'store/passphrase-needed', 'store/passphrase-wrong'],
}

test('every error code ends a command with the exit code of the table', async (t) => {
  const byExit = Object.entries(ERROR_CODES).reduce<Record<number, string[]>>(
    (all, [code, exit]) => ({ ...all, [exit]: [...(all[exit] ?? []), code].sort() }),
    {},
  )
  t.same(byExit, EXITS)
})

test('a code is a noun and what is the matter with it', async (t) => {
  const odd = Object.keys(ERROR_CODES).filter(
    (code) => !/^[a-z]+(-[a-z]+)?\/[a-z]+(-[a-z]+)?$/.test(code),
  )
  t.same(odd, [])
})

test('what passes by itself is retryable, and a queued message is not', async (t) => {
  t.same([...RETRYABLE_CODES].sort(), [
    'account/busy',
    'permit/none',
    'permit/refused',
    'proxy/unreachable',
    'relay/quota',
    'relay/rate-limited',
    'relay/unavailable',
    'relay/unreachable',
    'signup-work/refused',
    'socket/unanswered',
    'temporary/interrupted',
    'temporary/timeout',
  ])
})
