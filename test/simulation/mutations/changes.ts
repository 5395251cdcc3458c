import type { Mutation } from './mutation.js'

const OUT = 'client-core/out/src'

export const CHANGE_MUTATIONS: readonly Mutation[] = [
  {
    name: 'an older edit wins',
    file: `${OUT}/changes/precedence.js`,
    find: 'return edit.revision > there.revision;',
    replace: 'return there.revision === 0 || edit.revision < there.revision;',
    why: 'what was written last is never seen',
  },
  {
    name: 'a deleted message keeps its text',
    file: `${OUT}/store/tables/changes.js`,
    find: 'UPDATE message SET body = NULL, raw = NULL,',
    replace: 'UPDATE message SET raw = NULL,',
    why: 'what was deleted for everyone is still there',
  },
  {
    name: 'what was sealed and not answered is edited as though nobody had it',
    file: `${OUT}/changes/unsent.js`,
    find: "return status !== 'queued' || outbox.ofMessage(id)?.state !== 'queued';",
    replace: "return status !== 'queued';",
    why: 'an edit or a delete of what has arrived is told to nobody',
  },
]
