import { breaks } from './breaks.js'
import { noBug } from './bugs.js'

breaks(noBug, {
  'an assertion that broke': { bugs: ['assert'] },
})
