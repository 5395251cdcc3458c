import type { MessageWords } from './message-words.js'

export const MESSAGE_ENGLISH: MessageWords = {
  menuTitle: 'This message',
  menuHint: 'Up Down Enter, or the key beside it  Esc close',
  forwardTitle: 'Write it again to',
  forwardReady: (key) => `It stands in the draft. ${key('composer.send')} sends it.`,
  detailsTitle: 'About this message',
  labels: { from: 'From', sent: 'Written', status: 'Status', receipt: 'Receipt', id: 'Id' },
  device: (number) => `device ${String(number)}`,
  receipt: (who, status, when) => `${status} by ${who}, ${when}`,
  search: {
    prompt: 'search: ',
    searching: 'searching',
    none: 'nothing found',
    place: (number, count, isMore) => `${String(number)} of ${String(count)}${isMore ? '+' : ''}`,
    keys: 'Enter find  Up older  Down newer  Esc back',
  },
}
