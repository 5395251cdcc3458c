import type { Client } from '@sotto/client-core'

/** What a chat needs of the core: the owner itself, or the socket of the process that is it. */
export type ChatClient = Pick<Client, 'call' | 'subscribe'>
