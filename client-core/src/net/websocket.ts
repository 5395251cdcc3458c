/** The client of `ws` alone: who imports this when it is needed does not load a server, too. */
export { WebSocket } from 'ws'
