import { currentAccount } from '../core.js'
import { method } from './method.js'

export const accountMethods = {
  'account.current': method({}, ({ core }) => currentAccount(core)),
}
