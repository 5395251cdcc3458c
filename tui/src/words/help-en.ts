import type { HelpWords } from './help-words.js'

export const HELP_ENGLISH: HelpWords = {
  areas: {
    anywhere: 'Anywhere',
    composer: 'While you write',
    timeline: 'On a message',
    list: 'In the list',
    named: 'Without a key',
    overlay: 'In a list or question above the rest',
  },
  own: '(yours)',
  hint: 'Enter another key  Del as it was  Up Down choose  Esc close',
  askedHint: 'Press the new key  Esc leaves it as it is',
  pressedHint: 'Enter takes it  Esc leaves it as it is',
  fixed: 'This key stays as it is.',
  notOwn: 'This key is as it was from the beginning.',
  ask: (command) => `The new key for “${command}”? Esc leaves it as it is.`,
  given: (chord, command) => `${chord}: ${command}.`,
  newerTerminals: 'Older terminals cannot send this key.',
  asBefore: (command) => `As it was: ${command}.`,
  allAsBefore: 'All keys are as they were.',
  reserved: (chord) =>
    `${chord} means the same everywhere and cannot be another key. Try one more.`,
  writes: (chord) =>
    `${chord} writes, or moves in what is written. Hold Ctrl or Alt, or take F2 to F12.`,
  needed: (chord, command) =>
    `${chord} is the only key left for “${command}”, which you would miss. Give that another key first.`,
  takes: (chord) => `${chord} does something already. Enter takes it; it would no longer do:`,
  taken: (command, where) => `  ${command} (${where})`,
  takenEditing: (where) => `  its part in editing (${where})`,
}
