import fc from 'fast-check'
import { test } from 'tap'

import {
  COLOR_NAMES,
  colorParameters,
  isReadable,
  parseColor,
  type Color,
} from '../../src/rows/colors.js'
import { COLORED_ROLES, makeTheme } from '../../src/rows/theme.js'
import { parseTheme } from '../../src/rows/user-theme.js'

const color = (written: unknown): Color => {
  const parsed = parseColor(written)
  if (parsed === undefined) throw new Error('no colour')
  return parsed
}
const lowered = (written: unknown, depth: '16' | '256' | 'truecolor' | 'none') =>
  colorParameters(color(written), depth, 'dark').join(';')

test('a colour is a name, a number or #rrggbb, and nothing else', async (t) => {
  t.same(parseColor('bright-red'), { kind: 'basic', index: 9 })
  t.same(parseColor('Default'), { kind: 'default' })
  t.same(parseColor(244), { kind: 'indexed', index: 244 })
  t.same(parseColor('244'), { kind: 'indexed', index: 244 })
  t.same(parseColor('#5fAFff'), { kind: 'rgb', rgb: [95, 175, 255] })
  const none = [256, -1, 1.5, '256', '#fff', 'pink', '', '\u001b[31m', null, true, [], {}]
  t.same(
    none.map(parseColor),
    none.map(() => undefined),
  )
})

test('a colour is lowered to what the terminal has', async (t) => {
  t.same(
    (['truecolor', '256', '16', 'none'] as const).map((depth) => lowered('#5fafff', depth)),
    ['38;2;95;175;255', '38;5;75', '94', ''],
  )
  t.same(
    (['truecolor', '256', '16', 'none'] as const).map((depth) => lowered(208, depth)),
    ['38;5;208', '38;5;208', '33', ''],
  )
  t.equal(lowered('bright-red', 'truecolor'), '91', 'a name is in the shades of the terminal')
})

const ANY_COLOR = fc.oneof(
  fc.constantFrom(...COLOR_NAMES.filter((name) => name !== 'default')),
  fc.integer({ min: 0, max: 255 }),
  fc.integer({ min: 0, max: 0xffffff }).map((rgb) => `#${rgb.toString(16).padStart(6, '0')}`),
)

test('in sixteen colours whatever a theme says can be read', async () => {
  fc.assert(
    fc.property(
      ANY_COLOR,
      fc.constantFrom('dark' as const, 'light' as const),
      (written, behind) => {
        return isReadable(indexOf(colorParameters(color(written), '16', behind).join()), behind)
      },
    ),
  )
})

test('in sixteen colours every text of ours can be read', async (t) => {
  for (const background of ['dark', 'light'] as const) {
    const theme = makeTheme({ depth: '16', background })
    for (const role of COLORED_ROLES) {
      const [parameter] = /\b(?:3|9)[0-7]$/.exec(theme(role, 0)) ?? []
      if (parameter !== undefined)
        t.ok(isReadable(indexOf(parameter), background), `${role} on ${background}`)
    }
  }
})

function indexOf(parameter: string): number {
  const code = Number(parameter)
  return code >= 90 ? code - 90 + 8 : code - 30
}

test('a theme colours what it names, and the rest stays', async (t) => {
  const { theme, faults } = parseTheme([
    { key: 'accent', value: '#102030', line: 1 },
    { key: 'background', value: 'light', line: 2 },
  ])
  t.same(faults, [])
  t.equal(theme.background, 'light')
  const painted = makeTheme({ depth: 'truecolor', background: 'light', colors: theme.colors })
  t.equal(painted('accent', 0), '1;38;2;16;32;48', 'what is bold stays so')
  t.equal(painted('bad', 0), makeTheme({ depth: 'truecolor', background: 'light' })('bad', 0))
  const without = makeTheme({ depth: 'none', background: 'light', colors: theme.colors })
  t.equal(without('accent', 0), '1')
})

test('what a theme says wrong is told by key and line, and the rest of it holds', async (t) => {
  const { theme, faults } = parseTheme([
    { key: 'accent', value: 'pink', line: 1 },
    { key: 'qr', value: 'red', line: 2 },
    { key: 'background', value: 'blue', line: 3 },
    { key: 'bad', value: 'magenta', line: 4 },
  ])
  t.same(faults, [
    { why: 'color', key: 'accent', line: 1 },
    { why: 'role', key: 'qr', line: 2 },
    { why: 'background', key: 'background', line: 3 },
  ])
  t.same([...theme.colors], [['bad', { kind: 'basic', index: 5 }]])
})
