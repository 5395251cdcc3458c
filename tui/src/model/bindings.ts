import type { CommandName } from './command-name.js'

/** Where a key was pressed: it means what the innermost of these says, else what `anywhere` says. */
export type KeyContext =
  'overlay' | 'completion' | 'search' | 'list' | 'timeline' | 'composer' | 'anywhere'

/** `ctrl+k`, `alt+shift+enter`, `f1`. */
export type Chord = string

export type Bindings = Readonly<Record<KeyContext, Readonly<Record<Chord, CommandName>>>>
