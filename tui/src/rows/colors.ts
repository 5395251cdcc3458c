/** `none`: bold, underline and inverse stay, for they are no colours (`NO_COLOR`). */
export type ColorDepth = 'none' | '16' | '256' | 'truecolor'

/** A colour of text, as somebody has written it; lowered to what a terminal has when it is painted. */
export type Color =
  /** The terminal's own for texts. */
  | { readonly kind: 'default' }
  /** Of the sixteen that a terminal has in its own shades, from 0. */
  | { readonly kind: 'basic'; readonly index: number }
  /** Of xterm's 256. */
  | { readonly kind: 'indexed'; readonly index: number }
  | { readonly kind: 'rgb'; readonly rgb: Rgb }

/** Each from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number]

export type Background = 'dark' | 'light'

/** In the order of their numbers; the second eight are called `bright-…`. */
const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
export const COLOR_NAMES: readonly string[] = [
  ...NAMES,
  ...NAMES.map((name) => `bright-${name}`),
  'default',
]

/** xterm's own shades of the sixteen; other terminals' are near them, or better. */
const SIXTEEN: readonly Rgb[] = [
  ...([
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
  ] as const),
  ...([
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
  ] as const),
  ...([
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
  ] as const),
  ...([
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
  ] as const),
]
const CUBE_LEVELS = [0, 95, 135, 175, 215, 255] as const
const CUBE_BEGIN = 16
const GREYS_BEGIN = 232
const INDEX_MAX = 255
/** What large text needs to be read (WCAG 2.1, 1.4.3): terminals' letters are bold or large enough. */
export const CONTRAST_MIN = 3

/** `bright-blue`, `default`, `75`, `#5fafff`; undefined: it is none. A number may be one of TOML. */
export function parseColor(value: unknown): Color | undefined {
  if (typeof value === 'number') return indexed(value)
  if (typeof value !== 'string') return undefined
  const written = value.trim().toLowerCase()
  if (written === 'default') return { kind: 'default' }
  const index = COLOR_NAMES.indexOf(written)
  if (index >= 0) return { kind: 'basic', index }
  if (/^\d{1,3}$/.test(written)) return indexed(Number(written))
  const [, red = '', green = '', blue = ''] =
    /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(written) ?? []
  if (blue === '') return undefined
  return { kind: 'rgb', rgb: [parseInt(red, 16), parseInt(green, 16), parseInt(blue, 16)] }
}

/** The parameters of SGR for it, as near as a terminal of this depth comes; none: as it is. */
export function colorParameters(
  color: Color,
  depth: ColorDepth,
  background: Background,
): readonly string[] {
  if (depth === 'none' || color.kind === 'default') return []
  if (depth === '16') return [basicParameter(basicOf(color, background))]
  switch (color.kind) {
    case 'basic':
      return [basicParameter(color.index)]
    case 'indexed':
      return [`38;5;${String(color.index)}`]
    case 'rgb':
      return depth === 'truecolor'
        ? [`38;2;${color.rgb.join(';')}`]
        : [`38;5;${String(nearest(color.rgb, range(CUBE_BEGIN, INDEX_MAX)))}`]
  }
}

/** How well one is read on the other, from 1 to 21 (WCAG 2.1). */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

/** Of one of the 256. */
export function rgbOf(index: number): Rgb {
  const basic = SIXTEEN[index]
  if (basic !== undefined) return basic
  if (index >= GREYS_BEGIN) {
    const level = 8 + (index - GREYS_BEGIN) * 10
    return [level, level, level]
  }
  const at = index - CUBE_BEGIN
  const level = (place: number): number => CUBE_LEVELS[Math.floor(at / place) % 6] ?? 0
  return [level(36), level(6), level(1)]
}

/** Of the sixteen, the nearest that can be read on this background; one that is named stays, if it can. */
function basicOf(color: Exclude<Color, { kind: 'default' }>, background: Background): number {
  const readable = range(0, SIXTEEN.length - 1).filter((index) => isReadable(index, background))
  const index = color.kind === 'rgb' ? undefined : color.index
  if (index !== undefined && readable.includes(index)) return index
  return nearest(color.kind === 'rgb' ? color.rgb : rgbOf(color.index), readable)
}

export function isReadable(index: number, background: Background): boolean {
  const behind = background === 'dark' ? SIXTEEN[0] : SIXTEEN[15]
  return behind !== undefined && contrast(rgbOf(index), behind) >= CONTRAST_MIN
}

function nearest(wanted: Rgb, among: readonly number[]): number {
  const distance = (index: number): number =>
    rgbOf(index).reduce((sum, level, at) => sum + (level - (wanted[at] ?? 0)) ** 2, 0)
  return among.reduce((best, index) => (distance(index) < distance(best) ? index : best))
}

function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((level) => {
    const part = level / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function basicParameter(index: number): string {
  return String(index < 8 ? 30 + index : 90 + index - 8)
}

function indexed(index: number): Color | undefined {
  return Number.isInteger(index) && index >= 0 && index <= INDEX_MAX
    ? { kind: 'indexed', index }
    : undefined
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}
