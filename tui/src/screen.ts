export type { Locking } from './app/lock-keeper.js'
export { openScreen, type ScreenOptions } from './app/screen.js'
export type { ColorDepth } from './rows/theme.js'
export { colorDepth } from './terminal/color-depth.js'
