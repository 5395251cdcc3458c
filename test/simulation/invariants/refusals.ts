import { hex } from '@sotto/protocol'
import type { Invariant } from './invariant.js'

/** 8: unknown, blocked and wrong get the same bytes. Blocking is a key that died: a wrong one. */
export const refusalsAlike: Invariant = {
  name: 'refusals alike',
  check: ({ refusals }) =>
    refusals.flatMap(({ question, about, answer }) => {
      const first = refusals.find((each) => each.question === question)
      if (answer.length === 0) return [`${about}, a ${question} is not answered`]
      if (first === undefined || hex(first.answer) === hex(answer)) return []
      return [`${about}, a ${question} is refused with other bytes than ${first.about}`]
    }),
}
