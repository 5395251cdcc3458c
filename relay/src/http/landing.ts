import { createHash } from 'node:crypto'
import { base64url, type RegistrationKind } from '@sotto/protocol'
import type { Context } from '../context.js'
import { IDEMPOTENCY_DAYS_AFTER_RETENTION } from '../limits/bounds.js'
import { limitsObject } from '../limits/limits-object.js'
import { LIMIT_RULES, isLimitName } from '../limits/limits.js'
import { VERSION } from '../version.js'

/** Nothing is loaded, run, framed or sent: the page is text with one style of its own. */
const STYLE = `body{max-width:46em;margin:2em auto;padding:0 1em;font:1em/1.5 sans-serif;color:#222;background:#fff}
table{border-collapse:collapse}td{padding:.1em 1em .1em 0;vertical-align:top}
code{overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#111}}`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

export const LANDING_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Referrer-Policy': 'no-referrer',
}

const JOINING: Readonly<Record<RegistrationKind, string>> = {
  open: 'Anybody can make an account here.',
  invite: 'Who has a sign-up code from the operator can make an account here.',
  pow: 'Anybody can make an account here, for some seconds of their computer’s work.',
}

/**
 * `GET /`: what this relay is, keeps and allows, for people. Everything in it is ours or a number:
 * nothing that others wrote.
 */
export function landingPage({ keys, limits, registration }: Context): string {
  const days = limits.retentionDays
  const rows = Object.entries(limitsObject({ limits })).map(([name, value]) => {
    const what = isLimitName(name) ? LIMIT_RULES[name].what : ''
    return `<tr><td>${name}<td>${value.toLocaleString('en')}<td>${what}`
  })
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>A sotto relay</title>
<style>${STYLE}</style>
<h1>A sotto relay</h1>
<p>This machine carries messages of sotto, a messenger for the terminal. Messages are encrypted from
one end to the other: the relay cannot read them and does not learn who wrote them.
<p>${JOINING[registration]}

<h2>Root key</h2>
<p>Clients know this relay by it. Compare it with what you were given:
<p><code>${base64url(keys.rootKey)}</code>

<h2>What it keeps</h2>
<ul>
<li>Of an account: its random id, its public keys, the list of its devices, which are numbers, a hash
of its username, and the day it was made. Until it is deleted; then only its id, so that nobody takes
it again.
<li>Of a message: the sealed envelope and when it arrived, until it is fetched, or for ${days} days.
Afterwards a number by which a repetition is known, for ${days + IDEMPOTENCY_DAYS_AFTER_RETENTION} days.
<li>Of network addresses: nothing on disk. They are counted in memory, under a name that changes
every day.
</ul>
<p>It keeps no names, no contacts, no groups, no messages in the clear, and no list of who writes to
whom. It can see which account fetches envelopes, from where and when, while it does so.

<h2>Limits</h2>
<table>
${rows.join('\n')}
</table>
<p>The same for programs: <a href="/v1/limits">/v1/limits</a>. sotto-relay ${VERSION}.
</html>
`
}
