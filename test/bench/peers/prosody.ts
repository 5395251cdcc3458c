import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isolatedEnvironment } from '../../harness/index.js'
import type { PeerSubject } from '../relay/subject.js'
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
    const accounts = join(folder, 'data/localhost/accounts')
    mkdirSync(accounts, { recursive: true })
    const config = join(folder, 'prosody.cfg.lua')
    writeFileSync(config, configuration({ port, folder }))
    const server = await startServer(scope, {
      command: findProgram('prosody') ?? 'prosody',
      args: ['-F', '--config', config],
      env: isolatedEnvironment(join(folder, 'home')),
      port,
    })
    const create = (name: string): void =>
      writeFileSync(join(accounts, `${name}.dat`), `return { ["password"] = "${PASSWORD}" };\n`)
    return xmppRunning(server, async (mailboxes) => {
      create(SENDER)
      for (let mailbox = 0; mailbox < mailboxes; mailbox++) create(receiverName(mailbox))
    })
  },
}

/** As Debian has it, but for TLS, which no row here has, and for quotas. */
function configuration({ port, folder }: { readonly port: number; readonly folder: string }) {
  return `run_as_root = true
data_path = "${folder}/data"
pidfile = "${folder}/prosody.pid"
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
modules_enabled = { "disco", "roster", "saslauth", "blocklist", "carbons", "pep", "private", "smacks",
  "vcard4", "csi_simple", "ping", "time", "uptime", "version", "mam", "offline" }
modules_disabled = { "s2s", "tls" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = "internal"
storage_archive_item_limit = 10000000
archive_expires_after = "1w"
network_backend = "epoll"
log = { error = "${folder}/prosody.err" }
VirtualHost "localhost"
`
}
