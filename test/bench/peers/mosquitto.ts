import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isolatedEnvironment } from '../../harness/index.js'
import type { PeerSubject } from '../relay/subject.js'
import { MqttClient } from './mqtt.js'
import { dial, findProgram, freePort, startServer } from './server.js'

/** A broker of MQTT: QoS 1, with sessions that last. Encrypts nothing. */
export const MOSQUITTO: PeerSubject = {
  name: 'mosquitto',
  durability: 'in memory; on disk every 30 minutes and at its end, without fsync (its default)',
  isInstalled: () => findProgram('mosquitto') !== undefined,
  async start(scope, folder, { port: asked } = {}) {
    const port = asked ?? (await freePort())
    const config = join(folder, 'mosquitto.conf')
    mkdirSync(join(folder, 'data'), { recursive: true })
    writeFileSync(config, configuration({ port, data: join(folder, 'data') }))
    const server = await startServer(scope, {
      command: findProgram('mosquitto') ?? 'mosquitto',
      args: ['-c', config],
      env: isolatedEnvironment(join(folder, 'home')),
      port,
    })
    let prepared = 0
    let nextSender = 0
    return {
      ...server,
      async prepare(mailboxes) {
        for (; prepared < mailboxes; prepared++) {
          const client = await MqttClient.login(await dial(port), `receiver${prepared}`)
          await client.subscribe(topicOf(prepared))
          client.close()
        }
      },
      async openSender(mailbox) {
        const client = await MqttClient.login(await dial(port), `sender${nextSender++}`)
        return {
          submit: (body, accepted) => client.publish(topicOf(mailbox), body, accepted),
          close: () => client.close(),
        }
      },
      async openReceiver(mailbox, onDeliver, from) {
        let seq = 0
        const socket = await dial(port, from?.localAddress)
        const client = await MqttClient.login(socket, `receiver${mailbox}`, (body) =>
          onDeliver({ seq: ++seq, body }),
        )
        // Each message was acknowledged by itself when it came.
        return { acknowledge: () => undefined, close: () => client.close() }
      },
    }
  },
}

function topicOf(mailbox: number): string {
  return `mailbox/${mailbox}`
}

/** As it comes, but for the quotas. */
function configuration({ port, data }: { readonly port: number; readonly data: string }): string {
  return `listener ${port} 127.0.0.1
allow_anonymous true
user root
persistence true
persistence_location ${data}/
max_queued_messages 0
max_inflight_messages 0
log_dest none
`
}
