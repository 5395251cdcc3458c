import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isolatedEnvironment, type Scope } from '../../harness/index.js'
import type { Subject } from '../commands.js'
import { startProsodyTls } from './prosody.js'
import { findProgram } from './server.js'
import { PASSWORD } from './xmpp.js'
import { receiverName, SENDER } from './xmpp-server.js'

export function isGoSendxmppInstalled(): boolean {
  return ['go-sendxmpp', 'prosody', 'openssl'].every((name) => findProgram(name) !== undefined)
}

/**
 * One message from the shell over XMPP, encrypted from end to end (OpenPGP, XEP-0373), to a server
 * on loopback. Both have published their keys and the sender keeps the other's.
 */
export async function goSendxmpp(scope: Scope, folder: string, text: string): Promise<Subject> {
  const kept = join(folder, 'prosody')
  mkdirSync(kept)
  const server = await startProsodyTls(scope, kept)
  await server.prepare(1)
  const env = isolatedEnvironment(join(folder, 'home'))
  const command = findProgram('go-sendxmpp') ?? 'go-sendxmpp'
  const as = (name: string): readonly string[] => [
    ...['--no-tls-verify', '--jserver', `127.0.0.1:${server.port}`],
    ...['--username', `${name}@localhost`, '--password', PASSWORD, '--ox-passphrase', PASSWORD],
  ]
  for (const name of [SENDER, receiverName(0)])
    execFileSync(command, ['--ox-genprivkey-x25519', ...as(name)], { env, stdio: 'ignore' })
  const message = join(folder, 'message')
  writeFileSync(message, text)
  const to = `${receiverName(0)}@localhost`
  return { command, args: ['--ox', '--message', message, ...as(SENDER), to], env }
}
