import { colorParameters, type Background, type Color, type ColorDepth } from './colors.js'
import { BOLD, ITALIC, STRIKE, type Marks, type Role } from './row.js'

export interface ThemeOptions {
  readonly depth: ColorDepth
  /** The terminal's own, which is never painted over. */
  readonly background: Background
  /** In the stead of ours; what is bold or underlined stays so. */
  readonly colors?: ReadonlyMap<Role, Color>
}

/** The parameters of SGR (ECMA-48, 8.3.117) for a role, as in `1;31`; empty: as the terminal has it. */
export type Theme = (role: Role, marks: Marks) => string

/** A hue in every depth; of two values the first is for dark backgrounds. */
interface Hue {
  /** As parameters. On white few of the sixteen can be read: several hues are one there. */
  readonly basic: readonly [number, number]
  readonly indexed: readonly [number, number]
  readonly rgb: readonly [string, string]
}

const HUES = {
  grey: hue([90, 90], [245, 242], ['138;138;138', '108;108;108']),
  blue: hue([94, 34], [75, 25], ['95;175;255', '0;95;175']),
  cyan: hue([36, 34], [80, 30], ['95;215;215', '0;120;120']),
  green: hue([32, 30], [114, 28], ['135;215;135', '0;120;0']),
  yellow: hue([33, 35], [221, 130], ['255;215;95', '150;80;0']),
  red: hue([91, 31], [203, 160], ['255;105;97', '200;0;0']),
  magenta: hue([35, 35], [176, 90], ['215;135;215', '135;0;135']),
  orange: hue([33, 35], [215, 166], ['255;175;95', '190;80;0']),
} as const satisfies Record<string, Hue>

interface Look {
  readonly hue?: keyof typeof HUES
  readonly bold?: true
  readonly dim?: true
  readonly italic?: true
  readonly underline?: true
  readonly inverse?: true
}

/** What has to be seen without colours too has more than a hue. */
const LOOKS: Readonly<Record<Role, Look>> = {
  text: {},
  dim: { hue: 'grey', dim: true },
  accent: { hue: 'blue', bold: true },
  good: { hue: 'green' },
  warn: { hue: 'yellow', bold: true },
  bad: { hue: 'red', bold: true },
  own: { hue: 'green', bold: true },
  other: { hue: 'blue', bold: true },
  name: { bold: true },
  time: { hue: 'grey', dim: true },
  heading: { bold: true },
  code: { hue: 'cyan' },
  'code-keyword': { hue: 'magenta' },
  'code-string': { hue: 'green' },
  'code-number': { hue: 'orange' },
  'code-comment': { hue: 'grey', dim: true },
  'code-name': { hue: 'blue' },
  'code-added': { hue: 'green' },
  'code-removed': { hue: 'red' },
  quote: { hue: 'grey', dim: true },
  link: { hue: 'blue', underline: true },
  host: { hue: 'yellow' },
  mention: { hue: 'orange', bold: true },
  match: { inverse: true },
  badge: { hue: 'yellow', bold: true },
  selected: { inverse: true },
  border: { hue: 'grey', dim: true },
  divider: { hue: 'grey', dim: true },
  unread: { hue: 'red', bold: true },
  qr: {},
}

/** Those that a theme may colour: a code for a camera is black on white whatever is liked better. */
export const COLORED_ROLES = (Object.keys(LOOKS) as Role[]).filter((role) => role !== 'qr')

/** Whatever the terminal's own colours are. */
const WHITE_ON_BLACK = '97;40'

export function makeTheme({ depth, background, colors }: ThemeOptions): Theme {
  const side = background === 'dark' ? 0 : 1
  const looks = new Map<string, string>()
  return (role, marks) => {
    if (role === 'qr') return depth === 'none' ? '' : WHITE_ON_BLACK
    const key = `${role}${String(marks)}`
    let parameters = looks.get(key)
    if (parameters === undefined) {
      const look = LOOKS[role]
      const own = colors?.get(role)
      const color =
        own !== undefined
          ? colorParameters(own, depth, background)
          : look.hue === undefined
            ? []
            : colorOf(HUES[look.hue], depth, side)
      // A grey is dim already, and both together cannot be read.
      const isColored = color.length > 0 || (own !== undefined && depth !== 'none')
      const attributes = attributesOf(isColored ? { ...look, dim: false } : look, marks)
      parameters = [...attributes, ...color].join(';')
      looks.set(key, parameters)
    }
    return parameters
  }
}

function hue(basic: Hue['basic'], indexed: Hue['indexed'], rgb: Hue['rgb']): Hue {
  return { basic, indexed, rgb }
}

function colorOf(color: Hue, depth: ColorDepth, side: 0 | 1): readonly string[] {
  switch (depth) {
    case 'none':
      return []
    case '16':
      return [String(color.basic[side])]
    case '256':
      return [`38;5;${String(color.indexed[side])}`]
    case 'truecolor':
      return [`38;2;${color.rgb[side]}`]
  }
}

type Attributes = Omit<Look, 'dim'> & { readonly dim?: boolean }

function attributesOf(look: Attributes, marks: Marks): readonly string[] {
  const on: readonly (readonly [boolean | undefined, string])[] = [
    [look.bold === true || (marks & BOLD) !== 0, '1'],
    [look.dim, '2'],
    [look.italic === true || (marks & ITALIC) !== 0, '3'],
    [look.underline, '4'],
    [look.inverse, '7'],
    [(marks & STRIKE) !== 0, '9'],
  ]
  return on.flatMap(([isOn, parameter]) => (isOn === true ? [parameter] : []))
}
