import { DATES_ENGLISH } from './dates-en.js'
import { LINE_ENGLISH } from './line-en.js'
import { SCREEN_ENGLISH } from './screen-en.js'
import { TIMELINE_ENGLISH } from './timeline-en.js'
import type { Words } from './words.js'

/** All of the screen in English. */
export const ENGLISH: Words = {
  ...LINE_ENGLISH,
  ...DATES_ENGLISH,
  screen: SCREEN_ENGLISH,
  timeline: TIMELINE_ENGLISH,
}
