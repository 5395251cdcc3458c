import type { InitializeHook, LoadHook } from 'node:module'

/** One file, and what stands in its place. */
interface Replaced {
  readonly url: string
  readonly source: string
}

let replaced: Replaced | undefined

/** Called by `register`, in the thread of the loader. */
export const initialize: InitializeHook<Replaced> = (data) => {
  replaced = data
}

export const load: LoadHook = (url, context, nextLoad) =>
  url === replaced?.url
    ? { format: 'module', source: replaced.source, shortCircuit: true }
    : nextLoad(url, context)
