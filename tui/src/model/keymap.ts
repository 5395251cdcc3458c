import type { KeyEvent } from '../input/events.js'
import type { CommandName } from './command-name.js'
import type { Bindings, Chord, KeyContext } from './bindings.js'
import { popupOf } from './completing.js'
import { PROFILES, withChanges } from './key-profiles.js'
import { withOwnKeys, type OwnKey } from './own-keys.js'
import type { Settings } from './settings.js'
import type { UiState } from './state.js'

/** As it is written in a key map: the modifiers in this order, then the key. */
export function chordOf({ key, ctrl, alt, shift }: KeyEvent): Chord {
  const modifiers = [ctrl ? 'ctrl' : '', alt ? 'alt' : '', shift ? 'shift' : '']
  return [...modifiers.filter((name) => name !== ''), key].join('+')
}

/** The chords of a command, those of the innermost context first; none where it has no key. */
export function chordsOf(bindings: Bindings, name: CommandName): readonly Chord[] {
  const all = Object.values(bindings).flatMap((chords) => Object.entries(chords))
  return [...new Set(all.filter(([, bound]) => bound === name).map(([chord]) => chord))]
}

export function commandFor(bindings: Bindings, state: UiState, chord: Chord) {
  const context = contextOf(state)
  const outer = context === 'completion' ? bindings.composer[chord] : undefined
  return bindings[context][chord] ?? outer ?? bindings.anywhere[chord]
}

export function contextOf(state: UiState): KeyContext {
  if (state.overlays.length > 0) return 'overlay'
  return popupOf(state) === undefined ? state.focus : 'completion'
}

/** In whatever is being written. */
export const EDITING: Readonly<Record<Chord, CommandName>> = {
  backspace: 'edit.backspace',
  delete: 'edit.delete',
  'ctrl+h': 'edit.backspace',
  'ctrl+w': 'edit.kill-word',
  'alt+backspace': 'edit.kill-word',
  'alt+d': 'edit.kill-word-right',
  'ctrl+u': 'edit.kill-to-start',
  'ctrl+y': 'edit.yank',
  'alt+y': 'edit.yank-older',
  left: 'edit.left',
  right: 'edit.right',
  'ctrl+b': 'edit.left',
  'alt+b': 'edit.word-left',
  'alt+f': 'edit.word-right',
  'ctrl+left': 'edit.word-left',
  'ctrl+right': 'edit.word-right',
  'alt+left': 'edit.word-left',
  'alt+right': 'edit.word-right',
  home: 'edit.line-start',
  end: 'edit.line-end',
  'ctrl+a': 'edit.line-start',
  'ctrl+e': 'edit.line-end',
  'shift+left': 'edit.select-left',
  'shift+right': 'edit.select-right',
  'ctrl+_': 'edit.undo',
  'ctrl+/': 'edit.undo',
  'alt+shift+_': 'edit.redo',
}

/** Nothing depends on the kitty protocol: each chord that needs it has a plain one beside it. */
const DEFAULT: Bindings = {
  overlay: {
    ...EDITING,
    escape: 'overlay.close',
    up: 'overlay.up',
    down: 'overlay.down',
    'ctrl+p': 'overlay.up',
    'ctrl+n': 'overlay.down',
    'page-up': 'overlay.page-up',
    'page-down': 'overlay.page-down',
    enter: 'overlay.choose',
    'ctrl+c': 'overlay.close',
  },
  completion: {
    tab: 'completion.take',
    enter: 'completion.take',
    up: 'completion.up',
    down: 'completion.down',
    escape: 'completion.close',
  },
  search: {
    ...EDITING,
    enter: 'search.find',
    up: 'search.older',
    down: 'search.newer',
    escape: 'search.close',
    'ctrl+c': 'search.close',
    tab: 'focus.next',
  },
  list: {
    up: 'list.up',
    down: 'list.down',
    k: 'list.up',
    j: 'list.down',
    'page-up': 'list.page-up',
    'page-down': 'list.page-down',
    enter: 'list.open',
    right: 'list.open',
    tab: 'focus.next',
    a: 'conversation.archive',
    p: 'conversation.pin',
    m: 'conversation.mute',
    u: 'conversation.mark-unread',
    '1': 'filter.all',
    '2': 'filter.unread',
    '3': 'filter.groups',
    '4': 'filter.requests',
    i: 'contact.info',
    n: 'conversation.new',
    '?': 'help.open',
    escape: 'focus.composer',
  },
  timeline: {
    up: 'timeline.up',
    down: 'timeline.down',
    k: 'timeline.up',
    j: 'timeline.down',
    r: 'message.react',
    q: 'message.reply',
    e: 'message.edit',
    d: 'message.delete',
    y: 'message.copy',
    '>': 'message.quote',
    'shift+q': 'message.jump-to-quoted',
    'ctrl+o': 'message.jump-back',
    x: 'message.expand',
    enter: 'message.activate',
    'shift+r': 'message.retry',
    c: 'message.cancel',
    f: 'message.forward',
    n: 'search.older',
    'shift+n': 'search.newer',
    '/': 'search.open',
    i: 'message.details',
    'shift+g': 'timeline.end',
    g: 'timeline.home',
    home: 'timeline.home',
    end: 'timeline.end',
    '?': 'help.open',
    tab: 'focus.next',
    escape: 'timeline.escape',
  },
  composer: {
    ...EDITING,
    enter: 'composer.send',
    'shift+enter': 'composer.newline',
    'alt+enter': 'composer.newline',
    'ctrl+j': 'composer.newline',
    up: 'composer.up',
    down: 'composer.down',
    home: 'composer.home',
    end: 'composer.end',
    'ctrl+home': 'timeline.home',
    'ctrl+end': 'timeline.end',
    tab: 'focus.next',
    escape: 'composer.escape',
    'ctrl+o': 'composer.editor',
    'alt+e': 'composer.expand-paste',
    'alt+k': 'timeline.up',
  },
  anywhere: {
    'ctrl+k': 'palette.open',
    'ctrl+p': 'palette.open',
    'alt+up': 'conversation.previous',
    'alt+down': 'conversation.next',
    'alt+a': 'conversation.next-unread',
    'alt+u': 'timeline.first-unread',
    'page-up': 'timeline.page-up',
    'page-down': 'timeline.page-down',
    'ctrl+l': 'app.lock',
    'ctrl+r': 'app.redraw',
    'ctrl+z': 'app.suspend',
    'ctrl+c': 'app.interrupt',
    'ctrl+d': 'app.end-of-input',
    'ctrl+n': 'conversation.new',
    'alt+i': 'contact.info',
    'alt+v': 'contact.verify',
    f1: 'help.open',
    f2: 'message.menu',
    'ctrl+f': 'search.open',
    f3: 'settings.open',
    f4: 'notice.show',
    'ctrl+g': 'everywhere.open',
    ...Object.fromEntries(
      Array.from({ length: 9 }, (_, at): [Chord, CommandName] => [
        `alt+${String(at + 1)}`,
        'conversation.nth',
      ]),
    ),
  },
}

const BY_PROFILE = {
  default: DEFAULT,
  vim: withChanges(DEFAULT, PROFILES.vim),
  emacs: withChanges(DEFAULT, PROFILES.emacs),
}

/** What was worked out last, by the keys it is of. */
const WITH_OWN = new WeakMap<readonly OwnKey[], Map<Settings['keys'], Bindings>>()

/** Those of the profile, with what somebody has chosen on top. */
export function bindingsOf({ keys, ownKeys }: Pick<Settings, 'keys' | 'ownKeys'>): Bindings {
  const known = WITH_OWN.get(ownKeys) ?? new Map<Settings['keys'], Bindings>()
  const bindings = known.get(keys) ?? withOwnKeys(profileBindings(keys), ownKeys)
  WITH_OWN.set(ownKeys, known.set(keys, bindings))
  return bindings
}

/** As they are where nobody has chosen another. */
export function profileBindings(keys: Settings['keys']): Bindings {
  return BY_PROFILE[keys]
}
