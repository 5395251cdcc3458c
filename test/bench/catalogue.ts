import type { Run } from './figure.js'

export interface Bench {
  readonly summary: string
  readonly load: () => Promise<{ readonly run: Run }>
}

/** The benchmarks by name, in the order they run: `npm run bench relay`. A new file is a new line. */
export const BENCHES: Readonly<Record<string, Bench>> = {
  startup: {
    summary: 'a relay, from nothing to the first login',
    load: () => import('./startup.js'),
  },
  relay: {
    summary: 'accepted, carried online and drained messages a second; refusals',
    load: () => import('./relay.js'),
  },
  latency: {
    summary: 'milliseconds from submit to deliver, at 100 and 400 a second',
    load: () => import('./latency.js'),
  },
  connections: {
    summary: 'memory of idle connections; 10,000 that come back at once',
    load: () => import('./connections.js'),
  },
  soak: {
    summary: 'the relay’s memory and event loop while twenty pairs talk',
    load: () => import('./soak.js'),
  },
  backlog: {
    summary: 'opening what came while one was away, beside libsignal alone',
    load: () => import('./backlog.js'),
  },
  cli: {
    summary: 'whole commands beside `node -e 0`',
    load: () => import('./cli.js'),
  },
  screen: {
    summary: 'the chat screen: start, keys, pages, a flood, memory',
    load: () => import('./screen.js'),
  },
  lines: {
    summary: 'messages a second through `send --lines`',
    load: () => import('./lines.js'),
  },
  search: {
    summary: 'full-text search over a large store',
    load: () => import('./search.js'),
  },
  history: {
    summary: 'a page and the list of conversations of a large store',
    load: () => import('./history.js'),
  },
}
