import type { Bindings, Chord } from './bindings.js'
import type { CommandName } from './command-name.js'

/** What somebody's keys are other than the default ones; `''` takes a chord away. */
type Changes = {
  readonly [Context in keyof Bindings]?: Readonly<Record<Chord, CommandName | ''>>
}

/** Esc leaves what is written for what was said, and there the keys are those of vim. */
const VIM: Changes = {
  composer: { escape: 'composer.normal' },
  timeline: {
    i: 'focus.composer',
    a: 'focus.composer',
    'ctrl+u': 'timeline.page-up',
    'ctrl+d': 'timeline.page-down',
    'ctrl+b': 'timeline.page-up',
    'ctrl+f': 'timeline.page-down',
    h: 'focus.list',
    escape: '',
  },
  list: {
    i: 'focus.composer',
    l: 'list.open',
    'ctrl+u': 'list.page-up',
    'ctrl+d': 'list.page-down',
  },
}

const EMACS_EDITING: Readonly<Record<Chord, CommandName>> = {
  'ctrl+f': 'edit.right',
  'ctrl+d': 'edit.delete',
  'ctrl+k': 'edit.kill-to-end',
}

const EMACS: Changes = {
  composer: {
    ...EMACS_EDITING,
    'ctrl+n': 'composer.down',
    'ctrl+p': 'composer.up',
    'ctrl+g': 'composer.escape',
    'alt+shift+<': 'timeline.home',
    'alt+shift+>': 'timeline.end',
    'alt+<': 'timeline.home',
    'alt+>': 'timeline.end',
  },
  overlay: { ...EMACS_EDITING, 'ctrl+g': 'overlay.close' },
  timeline: { n: 'timeline.down', p: 'timeline.up', 'ctrl+g': 'focus.composer' },
  list: { 'ctrl+n': 'list.down', 'ctrl+p': 'list.up' },
  anywhere: { 'alt+x': 'palette.open' },
}

export const PROFILES: Readonly<Record<'vim' | 'emacs', Changes>> = { vim: VIM, emacs: EMACS }

/** The bindings with what a profile has otherwise. */
export function withChanges(bindings: Bindings, changes: Changes): Bindings {
  const of = (context: keyof Bindings): Bindings[keyof Bindings] => {
    const all = Object.entries({ ...bindings[context], ...changes[context] })
    return Object.fromEntries(all.filter((entry): entry is [Chord, CommandName] => entry[1] !== ''))
  }
  return {
    ...{ overlay: of('overlay'), completion: of('completion'), search: of('search') },
    ...{ list: of('list'), timeline: of('timeline') },
    ...{ composer: of('composer'), anywhere: of('anywhere') },
  }
}
