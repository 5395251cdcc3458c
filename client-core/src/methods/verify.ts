import { base64url, UsageError } from '@sotto/protocol'
import {
  confirmNumber,
  parseSafetyNumber,
  parseScanned,
  readIdentityLog,
  resetVerified,
  showNumber,
} from '../conversation/verification.js'
import type { VerifyQrObject } from '../objects.js'
import { method, optional, text } from './method.js'

export const verifyMethods = {
  /** The 60 digits shared with somebody; asks the relay for their key where it is not known yet. */
  'verify.show': method({ to: text }, async (open, { to }) => {
    const { verify } = await showNumber(open.core, open, to)
    return verify
  }),

  /** The same, with what a QR code of it holds. */
  'verify.qr': method({ to: text }, async (open, { to }): Promise<VerifyQrObject> => {
    const { verify, scannable } = await showNumber(open.core, open, to)
    return { ...verify, qr: base64url(scannable) }
  }),

  /** The number they read out, or what their QR code holds, is the one shared with them. */
  'verify.confirm': method(
    { to: text, number: optional(text), qr: optional(text) },
    async (open, { to, number, qr }) => {
      const { core, worker } = open
      const compared =
        number !== undefined
          ? parseSafetyNumber(number)
          : qr !== undefined
            ? parseScanned(qr)
            : undefined
      if (compared === undefined)
        throw new UsageError('usage/invalid', 'there is nothing to compare: number or qr')
      const contact = await confirmNumber(core, open, { to, compared })
      worker.kick()
      return core.views.contact(contact)
    },
  ),

  'verify.reset': method({ to: text }, async ({ core }, { to }) =>
    core.views.contact(await resetVerified(core, to)),
  ),

  /** Of everybody where `to` is left out. */
  'verify.log': method({ to: optional(text) }, ({ core }, { to }) => readIdentityLog(core, to)),
}
