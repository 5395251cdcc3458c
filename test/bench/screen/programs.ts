import { join } from 'node:path'
import { isolatedEnvironment, ROOT } from '../../harness/index.js'
import { commandOf, type Subject } from '../commands.js'
import type { LongConversation } from './conversation.js'
import { numbersIn } from './numbered.js'
import type { Pty } from './pty.js'

/** A program that is a screen: what is started, when all of it is there, and how one comes to a conversation. */
export interface ScreenProgram extends Subject {
  readonly isWhole: (shown: string) => boolean
  /** From the first frame to the newest messages, and a line that is typed on. */
  readonly open: (pty: Pty) => Promise<void>
}

/** More than the list of conversations shows. */
const MESSAGES_OF_A_PAGE = 5

/** Whole when the list has the newest message; the conversation is then opened. */
export function chatScreen(conversation: LongConversation): ScreenProgram {
  return {
    ...commandOf(conversation.alice, []),
    isWhole: (shown) => numbersIn(shown).includes(conversation.newest),
    open: async (pty) => {
      await pty.press('\r', (shown) => new Set(numbersIn(shown)).size >= MESSAGES_OF_A_PAGE)
    },
  }
}

/** What a terminal and Node cost by themselves, with rows of a conversation. */
export function rowPainter(dir: string): ScreenProgram {
  return {
    args: [join(ROOT, 'test/out/bench/programs/row-painter.js')],
    env: isolatedEnvironment(join(dir, 'painter')),
    isWhole: (shown) => shown.includes('> '),
    open: async () => undefined,
  }
}
