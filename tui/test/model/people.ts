import type { ContactObject, MethodName, MethodParams, MethodResult } from '@sotto/client-core'
import { parseAccountId, type AccountId, type SottoError } from '@sotto/protocol'

import type { Action } from '../../src/model/action.js'
import type { Answer } from '../../src/model/answer.js'
import type { Call } from '../../src/model/effect.js'
import type { Step } from '../../src/model/step.js'
import { CONTACT } from '../support/objects.js'
import { conversation, effectsOf } from './scene.js'

export function accountId(number: number): AccountId {
  return parseAccountId(`0199aaaa-bbbb-8ccc-9ddd-${String(number).padStart(12, '0')}`)
}

/** Who conversation `number` is with: `@friend1.42`, known, unless something else is said. */
export function friend(number: number, changed: Partial<ContactObject> = {}): ContactObject {
  const { id, kind, name } = conversation(number)
  return {
    ...{ ...CONTACT, id: accountId(number), handle: name, name: `Friend ${String(number)}` },
    ...{ conversation: { id, kind, name }, ...changed },
  }
}

/** What the core answers to what was asked. */
export function answer<Name extends MethodName>(
  method: Name,
  params: MethodParams<Name>,
  result: MethodResult<Name>,
): Action {
  // Built as the core link builds it: TypeScript cannot follow a name through the union.
  return { kind: 'answer', answer: { method, params, result } as unknown as Answer }
}

export function refusal(call: Call, error: SottoError): Action {
  return { kind: 'refused', refusal: { call, error } }
}

/** What the core was asked for, to be answered. */
export function asksOf(done: Step) {
  return effectsOf(done, 'ask').map(({ call }) => call)
}
