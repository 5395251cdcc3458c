import { promises as disk } from 'node:fs' // Loaded when it is used: not for the first frame.
import { join, resolve } from 'node:path'

import type { Client } from '@sotto/client-core'
import type { Files } from '@sotto/tui/screen'

import type { World } from '../world.js'
import { exportToFile } from './export-file.js'

/** Of one folder; nobody looks through more. */
const ENTRIES_MAX = 2_000

/** The person's files: paths are as written where sotto was started, and `~/` is their home. */
export function personFiles(client: Pick<Client, 'call'>, world: World): Files {
  const pathOf = (written: string): string => {
    const { homeDir, workingDir } = world
    return homeDir !== undefined && (written === '~' || written.startsWith('~/'))
      ? join(homeDir, written.slice(1))
      : resolve(workingDir, written)
  }
  return {
    list: async (folder) => {
      try {
        const entries = await disk.readdir(pathOf(folder), { withFileTypes: true })
        return entries
          .slice(0, ENTRIES_MAX)
          .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      } catch {
        return [] // Nothing to complete: whoever writes there hears why it does not go.
      }
    },
    exportTo: async (conversation, written) => {
      const path = pathOf(written)
      const { messages } = await exportToFile({
        ...{ client, path, conversations: [conversation], since: undefined },
        ...{ replace: false, nowMs: world.nowMs, signal: world.signal },
      })
      return { path, messages }
    },
  }
}
