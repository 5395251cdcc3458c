import { UsageError } from '@sotto/protocol'
import { renderQr } from '@sotto/tui'

import { parseCount, parseDuration } from '../flags/values.js'
import { renderNewInvite } from '../print/invite.js'
import { withClient } from '../with-client.js'
import type { Command, Invocation } from './command.js'

export const command: Command = {
  path: ['invite', 'create'],
  group: 'People',
  summary: 'make a link that makes somebody a contact',
  arguments: [],
  flags: [
    { name: 'uses', value: 'count', summary: 'how many people may use it, or any; default 1' },
    { name: 'expires', value: 'duration', summary: 'for how long, or never; default 7d' },
    { name: 'qr', summary: 'draw it as a QR code, also where nobody looks' },
  ],
  details: [
    'Who writes to you first by it is a contact at once, and knows that it is you: the link holds your keys’ hash, and a secret. Send it by a way you trust.',
    'The relay keeps to its uses and its end, too, and hears of it when sotto is next connected; until then whoever uses it spends a permit.',
    'On a terminal it is drawn as a QR code too, where it fits.',
  ],
  examples: ['sotto invite create', 'sotto invite create --uses any --expires 30d --json'],
  object: { schema: 'invite', many: false },
  exits: [65],
  run,
}

async function run(invocation: Invocation): Promise<number> {
  const { flags, output, world } = invocation
  const uses = flags.read('uses', (text) => (text === 'any' ? 0 : parseCount(text)))
  const lifetimeMs = flags.read('expires', parseLifetime)
  return withClient(invocation, async (client) => {
    const invite = await client.call('invite.create', { uses, lifetimeMs })
    const { look, watched } = output
    const columns = world.stdout.columns ?? 80
    const draws = !output.json && (watched || flags.isOn('qr'))
    const link = draws ? (invite.link ?? '') : ''
    // Where it does not fit the link alone does.
    const code = link === '' ? [] : ((await renderQr(link, { columns, paint: look.paint })) ?? [])
    output.result({ invite }, (at) => renderNewInvite(invite, { code, watched }, at))
    return 0
  })
}

function parseLifetime(text: string): number {
  if (text === 'never') return 0
  const lifetimeMs = parseDuration(text)
  if (lifetimeMs > 0) return lifetimeMs
  throw new UsageError('usage/invalid', 'an invite that is over at once', {
    fix: 'Give a time, as in 7d, or never.',
  })
}
