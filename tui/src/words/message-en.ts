import type { MessageWords } from './message-words.js'

export const MESSAGE_ENGLISH: MessageWords = {
  menuTitle: 'This message',
  menuHint: 'Up Down Enter, or the key beside it  Esc close',
  forwardTitle: 'Write it again to',
  forwardReady: (key) => `It stands in the draft. ${key('composer.send')} sends it.`,
  detailsTitle: 'About this message',
  labels: {
    ...{ from: 'From', sent: 'Written', edited: 'Edited', status: 'Status', receipt: 'Receipt' },
    ...{ reaction: 'Reaction', id: 'Id' },
  },
  editing: 'editing',
  escLeaves: 'Esc leaves it as it was',
  emptyEdit: 'An edit needs a text. To take the message away: Esc, then /delete.',
  editOver: 'The message is not being edited any more: what you wrote in the editor was let go.',
  editedIsGone: 'The message that you were editing was deleted. Your draft is back.',
  answeredIsGone: 'The message that you were answering was deleted. Your text is still here.',
  react: {
    title: (who, said) => `React to ${who}: ${said}`,
    headings: { own: 'Yours', quick: 'Quick', lately: 'Lately', all: 'All' },
    takeBack: 'take it back',
    typed: 'as you typed it',
    hint: '1-6 or type a name  Up Down Enter  Esc close',
  },
  delete: {
    title: (who, said) => `Delete the message of ${who}: ${said}`,
    everyone: 'Delete it for everyone',
    here: 'Delete it for me',
    lines: {
      everyone: [
        'Its text is taken away here and, as soon as it reaches them, there. That it was there, and that you deleted it, stays to be seen.',
        'Whoever has read it has read it. It cannot be brought back.',
      ],
      here: [
        'It is gone from every view on this device, for good. The others keep theirs, and are not told.',
      ],
    },
    done: { everyone: 'Deleted for everyone.', here: 'Deleted here.' },
    hint: 'Up Down choose  Enter delete  Esc leave it',
  },
  device: (number) => `device ${String(number)}`,
  reactedAt: (who, when) => `${who}, ${when}`,
  receipt: (who, status, when) => `${status} by ${who}, ${when}`,
  search: {
    prompt: 'search: ',
    searching: 'searching',
    none: 'nothing found',
    place: (number, count, isMore) => `${String(number)} of ${String(count)}${isMore ? '+' : ''}`,
    keys: 'Enter find  Up older  Down newer  Esc back',
  },
}
