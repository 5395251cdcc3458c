import type { Look } from '../../rows/look.js'
import { blankRow, paragraph } from '../../rows/plain-row.js'
import type { Row } from '../../rows/row.js'
import type { Asked } from '../answer.js'
import type { Surface } from '../surface.js'
import { tell } from '../tell.js'

/** That something is under way, or why it was refused and what to do; below a blank row. */
export function askedRows(
  asked: Asked,
  look: Look,
  surface: Surface,
  waiting: string = surface.words.screen.people.waiting,
): readonly Row[] {
  switch (asked.state) {
    case 'idle':
      return []
    case 'waiting':
      return [blankRow(look), ...paragraph(waiting, 'accent', look)]
    case 'refused':
      return [blankRow(look), ...paragraph(tell(asked.error, surface), 'bad', look)]
  }
}
