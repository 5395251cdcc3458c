import type { MethodName, MethodParams, MethodResult } from '../methods/table.js'

/** What a client answers, by method, as a test wants it. */
export type Answers = {
  readonly [Name in MethodName]?: (
    params: MethodParams<Name>,
  ) => MethodResult<Name> | Promise<MethodResult<Name>>
}

/** `Client.call` over answers; a method without one is a test that was not finished. */
export function answering(answers: Answers) {
  return async <Name extends MethodName>(
    name: Name,
    params: MethodParams<Name>,
  ): Promise<MethodResult<Name>> => {
    const answer = answers[name]
    if (answer === undefined) throw new Error(`the test has no answer to ${name}`)
    return answer(params)
  }
}
