import type { Client } from '@sotto/client-core'

/** What the screen needs of the core: the owner itself, or the socket of the process that is it. */
export type ScreenClient = Pick<Client, 'account' | 'call' | 'subscribe'>
