import type { Context } from '../context.js'
import { SWEEP_STEP_DEVICES } from '../limits/bounds.js'
import { dayOf } from '../ports.js'
import type { DeviceKey } from '../store/port.js'

/**
 * Removes devices that were not seen for `idleDays` days on which this relay ran, and accounts with
 * their last device; call it once a day. Those that are connected just now are seen. A clock that
 * leaps, or a relay that was down for months, counts as one day and costs nobody their account.
 */
export async function expireDevices(context: Context, isStopped: () => boolean): Promise<void> {
  const { store, commits, doorbell, clock, limits, log } = context
  await commits.change('count-day', { day: dayOf(clock.nowMs()) })
  let expired = 0
  for (let after: DeviceKey | undefined; !isStopped();) {
    const step = await store.listDevices({ after, max: SWEEP_STEP_DEVICES })
    after = step.at(-1)
    if (after === undefined) break
    const silent = step.filter(({ idleDays }) => idleDays > 0)
    const present = silent.filter(({ mailbox }) => doorbell.isListening(mailbox))
    if (present.length > 0) await commits.change('see-devices', { devices: present })
    for (const device of silent) {
      if (device.idleDays < limits.idleDays || present.includes(device)) continue
      const owner = { account: device.account, device: device.device }
      const gone = await commits.change('expire-device', { owner, idleDays: limits.idleDays })
      for (const mailbox of gone.closed) doorbell.ring(mailbox, { kind: 'closed' })
      expired += gone.closed.length
    }
  }
  if (expired > 0) log.info('devices.expired', { devices: expired })
}
