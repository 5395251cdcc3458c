import { Failure } from './workspace.js'

/**
 * What of Ink measures, wraps and draws text. The frame of the screen is boxes without any
 * (docs/decisions/0023): Ink keeps every text that it renders.
 */
const TEXT =
  /[\\/]ink[\\/]build[\\/](?:output|measure-text|wrap-text|squash-text-nodes|render-border|render-background)\.js$|[\\/](?:wrap-ansi|widest-line)[\\/]index\.js$/
/** Draws an error that a component threw, in place of all else. */
const ERROR = /[\\/]ink[\\/]build[\\/]components[\\/]ErrorOverview\.js$/

/** As many modules as the two name. */
const LEFT_OUT = 9

/**
 * An esbuild plugin: a program with a frame of Ink has what lays out its boxes, and nothing that draws.
 * That is loaded in half the time, and who tries to give Ink a text is told so. What a component throws,
 * whoever shows the frame is told.
 */
export const inkBoxes = {
  name: 'ink-boxes',
  setup(build) {
    const met = new Set()
    build.onLoad({ filter: TEXT }, ({ path }) => {
      met.add(path)
      return { contents: "export default function () { throw new Error('Ink is given no text') }" }
    })
    build.onLoad({ filter: ERROR }, ({ path }) => {
      met.add(path)
      return { contents: 'export default function ({ error }) { throw error }' }
    })
    build.onEnd(() => {
      if (met.size > 0 && met.size < LEFT_OUT) throw new Failure('build: Ink draws elsewhere now')
    })
  },
}
