import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isolatedEnvironment, makeCertificate, type Scope } from '../../harness/index.js'
import type { PeerSubject, Running } from '../relay/subject.js'
import { findProgram, freePort, startServer } from './server.js'
import { PASSWORD } from './xmpp.js'
import { receiverName, SENDER, xmppRunning } from './xmpp-server.js'

/** A server of XMPP, with its archive (mod_mam) on. Without TLS here. */
export const PROSODY: PeerSubject = {
  name: 'prosody',
  durability: 'in files of its archive and of the offline store, without fsync (its default)',
  isInstalled: () => findProgram('prosody') !== undefined,
  async start(scope, folder, { port: asked } = {}) {
    const port = asked ?? (await freePort())
    return startProsody(scope, folder, { port, encryption: PLAIN })
  },
}

/** The same for a client that insists on TLS. */
export async function startProsodyTls(scope: Scope, folder: string): Promise<Running> {
  const { key, certificate } = makeCertificate(folder, 'localhost')
  const encryption = `modules_disabled = { "s2s" }
ssl = { key = "${key}", certificate = "${certificate}" }`
  return startProsody(scope, folder, { port: await freePort(), encryption })
}

const PLAIN = `modules_disabled = { "s2s", "tls" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true`

interface Settings {
  readonly port: number
  readonly encryption: string
}

async function startProsody(scope: Scope, folder: string, settings: Settings): Promise<Running> {
  const accounts = join(folder, 'data/localhost/accounts')
  mkdirSync(accounts, { recursive: true })
  const config = join(folder, 'prosody.cfg.lua')
  writeFileSync(config, configuration(folder, settings))
  const server = await startServer(scope, {
    command: findProgram('prosody') ?? 'prosody',
    args: ['-F', '--config', config],
    env: isolatedEnvironment(join(folder, 'home')),
    port: settings.port,
  })
  const create = (name: string): void =>
    writeFileSync(join(accounts, `${name}.dat`), `return { ["password"] = "${PASSWORD}" };\n`)
  return xmppRunning(server, async (mailboxes) => {
    create(SENDER)
    for (let mailbox = 0; mailbox < mailboxes; mailbox++) create(receiverName(mailbox))
  })
}

/** As Debian has it, but for servers of others and quotas. */
function configuration(folder: string, { port, encryption }: Settings): string {
  return `run_as_root = true
data_path = "${folder}/data"
pidfile = "${folder}/prosody.pid"
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
modules_enabled = { "disco", "roster", "saslauth", "blocklist", "carbons", "pep", "private", "smacks", "tls",
  "vcard4", "csi_simple", "ping", "time", "uptime", "version", "mam", "offline" }
${encryption}
authentication = "internal_plain"
storage = "internal"
storage_archive_item_limit = 10000000
archive_expires_after = "1w"
network_backend = "epoll"
log = { error = "${folder}/prosody.err" }
VirtualHost "localhost"
`
}
