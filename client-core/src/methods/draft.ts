import { UsageError } from '@sotto/protocol'
import { conversationId } from '../conversation/conversation-named.js'
import { method, text } from './method.js'

/** Six times the longest text, as JSON may write it, and what a screen says beside it. */
const DRAFT_LENGTH_MAX = 512 * 1024

export const draftMethods = {
  /** What is being written, by conversation. */
  'draft.list': method({}, ({ core }) => core.store.read.drafts.all()),

  /** Kept, encrypted like everything else, until it is saved anew; an empty one is forgotten. */
  'draft.save': method(
    { conversation: text, draft: text },
    ({ core }, { conversation, draft }): Record<string, never> => {
      if (draft.length > DRAFT_LENGTH_MAX)
        throw new UsageError('usage/invalid', 'the draft is longer than any message')
      const id = conversationId(core, conversation)
      core.store.transact((tx) => {
        if (draft === '') tx.drafts.forget(id)
        else tx.drafts.save({ conversation: id, draft })
      })
      return {}
    },
  ),
}
