import { BusyError, InputError, PermissionError, UnavailableError } from '@sotto/protocol'
import { test } from 'tap'

import type { Modifiers } from '../../src/input/events.js'
import type { FirstRunAction, FirstRunStep } from '../../src/model/first-run/action.js'
import {
  firstRunState,
  type ChosenRelay,
  type FirstRun,
  type FirstRunOptions,
} from '../../src/model/first-run/state.js'
import { updateFirstRun } from '../../src/model/first-run/update.js'
import { makeLook } from '../../src/rows/look.js'
import { STANDARD } from '../../src/text/widths.js'
import { firstRunRows } from '../../src/view/first-run-rows.js'
import { ENGLISH } from '../../src/words/en.js'
import { FIRST_RUN_ENGLISH } from '../../src/words/first-run-en.js'
import { textOf } from '../support/looks.js'

const RELAY: ChosenRelay = {
  ...{ address: 'https://relay.example#root=abc', invite: undefined, own: undefined },
  needsCode: false,
  needsWork: false,
}

function begun(options: Partial<FirstRunOptions> = {}): FirstRun {
  return firstRunState({
    ...{ size: { columns: 80, rows: 24 }, offered: 'dora.42', begun: undefined },
    ...{ hasPrivateRelay: false, ...options },
  })
}

function feed(state: FirstRun, ...actions: readonly FirstRunAction[]): FirstRunStep {
  return actions.reduce<FirstRunStep>(
    (done, action) => {
      const { state: next, effects } = updateFirstRun(done.state, action)
      return { state: next, effects: [...done.effects, ...effects] }
    },
    { state, effects: [] },
  )
}

function press(state: FirstRun, ...chords: readonly string[]): FirstRunStep {
  return feed(state, ...chords.map(keyOf))
}

function keyOf(chord: string): FirstRunAction {
  const key = chord.split('+').at(-1) ?? ''
  const held: Modifiers = {
    ...{ ctrl: chord.includes('ctrl+'), alt: false, shift: chord.includes('shift+') },
  }
  return { kind: 'input', event: { kind: 'key', key, ...held } }
}

function type(state: FirstRun, text: string): FirstRunStep {
  return feed(state, { kind: 'input', event: { kind: 'text', text } })
}

/** At the username, on a relay that has answered. */
function atUsername(options: Partial<FirstRunOptions> = {}): FirstRunStep {
  const asked = press(type(begun(options), 'relay.example').state, 'enter')
  return feed(asked.state, { kind: 'relay', turn: asked.state.turn, chosen: RELAY })
}

function atKey(): FirstRun {
  const free: FirstRunAction = { kind: 'username', username: 'dora.42', availability: FREE }
  return feed(atUsername().state, free, keyOf('enter'), { kind: 'key-place', place: 'file' }).state
}

const FREE = { state: 'free' } as const

function shown(state: FirstRun): readonly string[] {
  const look = makeLook({ columns: state.size.columns, probed: STANDARD, words: ENGLISH })
  const room = { look, words: FIRST_RUN_ENGLISH, relayFolder: '/home/dora/relay' }
  return firstRunRows(state, room).rows.map((row) => textOf(row).trimEnd())
}

const text = (state: FirstRun): string => shown(state).join('\n')

test('an address is asked, and where it answers the next step has a username to offer', async (t) => {
  const asked = press(type(begun(), 'relay.example').state, 'enter')
  t.match(asked.effects, [{ kind: 'greet', relay: 'https://relay.example', invite: undefined }])
  t.match(text(asked.state), /asking the relay/)

  const on = atUsername()
  t.equal(on.state.step, 'username')
  t.match(on.effects, [{ kind: 'ask-username', relay: RELAY.address, username: 'dora.42' }])
  t.match(text(on.state), /2 of 4[^]*> dora\.42[^]*asking whether it is free[^]*relay\.example/)
})

test('a relay that cannot be reached is told with what to do, and typing takes that away', async (t) => {
  const asked = press(type(begun(), 'relay.example').state, 'enter')
  const error = new UnavailableError('relay/unreachable', 'cannot reach it', { fix: 'Check it.' })
  const told = feed(asked.state, { kind: 'refused', turn: asked.state.turn, error }).state
  t.match(text(told), /cannot reach it\. Check it\./)
  t.equal(told.step, 'relay')
  t.notMatch(text(type(told, 's').state), /cannot reach it/)
})

test('what was asked before somebody went back is answered to nobody', async (t) => {
  const asked = press(type(begun(), 'relay.example').state, 'enter').state
  const left = press(asked, 'escape').state
  const late = feed(left, { kind: 'relay', turn: asked.turn, chosen: RELAY })
  t.equal(late.state.step, 'relay')
  t.same(late.effects, [])
})

test('a link that is none is refused without asking anybody', async (t) => {
  const { state, effects } = press(type(begun(), 'sotto:invite?nonsense').state, 'enter')
  t.same(effects, [])
  t.equal(state.asked.state, 'refused')
})

test('a private relay says where it rests and that it goes on, and is started by Enter', async (t) => {
  const { state, effects } = press(begun(), 'down', 'enter')
  t.match(effects, [{ kind: 'start-relay' }])
  t.match(
    text(state).replaceAll(/\s+/g, ' '),
    /nobody elsewhere .*until you stop it.* \/home\/dora\/relay\./,
  )
  t.match(text(state), /starting the relay/)
  t.equal(press(begun({ hasPrivateRelay: true }), 'enter').effects[0]?.kind, 'start-relay')
})

test('a name that is taken stays where it is and names others; one that is free goes on', async (t) => {
  const taken: FirstRunAction = {
    ...{ kind: 'username', username: 'dora.42' },
    availability: { state: 'taken', instead: ['dora.57', 'dora.310'] },
  }
  const told = feed(atUsername().state, taken).state
  t.match(text(told), /dora\.42: taken[^]*dora\.57 {2}dora\.310/)
  t.equal(press(told, 'enter').state.step, 'username')

  const other = press(told, 'backspace', 'backspace').state
  const asked = type(other, '57')
  t.match(asked.effects.at(-1), { kind: 'ask-username', username: 'dora.57' })
  const free = feed(asked.state, {
    kind: 'username',
    username: 'dora.57',
    availability: FREE,
  }).state
  t.match(text(free), /dora\.57: free/)
  const on = press(free, 'enter')
  t.equal(on.state.step, 'key')
  t.match(on.effects, [{ kind: 'find-key-place' }])
})

test('Enter before the relay has said whether a name is free waits for that', async (t) => {
  const waits = press(atUsername().state, 'enter').state
  t.equal(waits.step, 'username')
  const answer = (availability: typeof FREE | { state: 'taken'; instead: [] }): FirstRunAction => ({
    ...{ kind: 'username', username: 'dora.42', availability },
  })
  t.equal(feed(waits, answer(FREE)).state.step, 'key')
  t.equal(feed(waits, answer({ state: 'taken', instead: [] })).state.step, 'username')
})

test('a relay that says no more of names lets somebody go on, and says so', async (t) => {
  const error = new BusyError('relay/rate-limited', 'too many questions')
  const { state } = feed(atUsername().state, {
    ...{ kind: 'username', username: 'dora.42', availability: { state: 'unknown', error } },
  })
  t.match(text(state), /too many questions/)
  t.equal(press(state, 'enter').state.step, 'key')
})

test('what is no username is told when Enter is pressed, and not before', async (t) => {
  const half = press(atUsername().state, 'ctrl+u').state
  const typed = type(half, 'dora')
  t.same(typed.effects, [])
  t.match(text(typed.state), /as in dora\.42/)
  t.match(text(press(typed.state, 'enter').state), /not a username: dora/)
})

test('the key rests where nothing must be typed, or under a passphrase that is typed twice', async (t) => {
  const made = press(atKey(), 'enter')
  t.match(made.effects, [{ kind: 'make', username: 'dora.42', isLocked: false }])
  t.match(text(atKey()), /In a file that only you can read[^]*Under a passphrase/)

  const locked = press(atKey(), 'down', 'enter').state
  t.equal(locked.step, 'passphrase')
  const typed = type(locked, 'horse staple')
  t.same(typed.effects, [{ kind: 'secret', change: 'type', text: 'horse staple' }])
  t.notMatch(JSON.stringify(typed.state), 'horse')
  const first = feed(press(typed.state, 'enter').state, { kind: 'secret', is: 'first' }).state
  t.match(text(first), /once more:/)
  const other = feed(first, { kind: 'secret', is: 'different' }).state
  t.match(text(other), /not the same[^]*passphrase:|passphrase:[^]*not the same/)
  t.match(feed(first, { kind: 'secret', is: 'same' }).effects, [{ kind: 'make', isLocked: true }])
})

test('an account that was not made says why, and Enter tries again', async (t) => {
  const making = press(atKey(), 'enter').state
  const error = new UnavailableError('relay/unreachable', 'gone')
  const { state } = feed(making, { kind: 'refused', turn: making.turn, error })
  t.match(text(state), /gone/)
  t.match(press(state, 'enter').effects, [{ kind: 'make', username: 'dora.42' }])

  const taken = new InputError('username/taken', 'taken meanwhile')
  const back = feed(making, { kind: 'refused', turn: making.turn, error: taken }).state
  t.equal(back.step, 'username')
  t.match(text(back), /dora\.42: taken/)
})

test('an account that is made leaves with its relay', async (t) => {
  const making = press(atKey(), 'enter').state
  const { effects } = feed(making, { kind: 'made', turn: making.turn })
  t.same(effects, [{ kind: 'done', relay: RELAY }])
})

test('Esc goes back one step with what was said, and never leaves', async (t) => {
  const key = atKey()
  const username = press(key, 'escape').state
  t.match([username.step, text(username)], ['username', /> dora\.42/])
  const relay = press(username, 'escape')
  t.match([relay.state.step, text(relay.state)], ['relay', /> relay\.example/])
  t.same(press(relay.state, 'escape').effects, [])
  t.same(press(key, 'ctrl+c').effects, [{ kind: 'quit' }])
})

test('an account that a first run before this has begun is offered, and nobody is asked whether it is free', async (t) => {
  const state = begun({ begun: { relay: 'https://relay.example', username: 'old.17' } })
  const asked = press(state, 'enter')
  t.match(asked.effects, [{ kind: 'greet', relay: 'https://relay.example' }])
  const on = feed(asked.state, { kind: 'relay', turn: asked.state.turn, chosen: RELAY })
  t.same(on.effects, [])
  t.match(text(on.state), /> old\.17[^]*begun this account before/)
  t.equal(press(on.state, 'enter').state.step, 'key')
})

test('lines answer the same steps: a number chooses, an empty one is what is offered, back goes back', async (t) => {
  const line = (written: string): FirstRunAction => ({ kind: 'line', text: written })
  t.match(feed(begun(), line('2')).effects, [{ kind: 'start-relay' }])
  const asked = feed(begun(), line('relay.example'))
  t.match(asked.effects, [{ kind: 'greet', relay: 'https://relay.example' }])
  const named = feed(atUsername().state, line('')).state
  t.equal(named.asked.state, 'waiting')
  t.equal(feed(atUsername().state, line('back')).state.step, 'relay')
  t.match(feed(atKey(), line('')).effects, [{ kind: 'make', isLocked: false }])
  t.equal(feed(atKey(), line('2')).state.step, 'passphrase')
})

test('on every size that can be shown the choices, the line, what is told and the keys are seen', async (t) => {
  const error = new UnavailableError('relay/unreachable', 'cannot reach it', { fix: 'Check it.' })
  for (const columns of [40, 60, 80, 120])
    for (const rows of [10, 12, 24, 36]) {
      const size = { columns, rows }
      const asked = press(type(begun({ size }), 'relay.example').state, 'enter').state
      const told = shown(feed(asked, { kind: 'refused', turn: asked.turn, error }).state)
      const where = `${String(columns)}×${String(rows)}`
      t.equal(told.length, rows, where)
      t.ok(
        told.every((row) => row.length <= columns),
        where,
      )
      t.match(
        told.join('\n'),
        /One I was told of[^]*> relay\.example[^]*private one[^]*cannot reach it[^]*Enter go on/,
        where,
      )
      const key = shown({ ...atKey(), size })
      t.match(key.join('\n'), /file that only you[^]*Under a passphrase[^]*Enter make/, where)
    }
  t.match(text(begun({ size: { columns: 39, rows: 10 } })), /Too small/)
})

const CODE = '4F7QX-M2K9T-0VHJ8-R3WCD'

/** At the code, on a relay that wants one. */
function atCode(): FirstRun {
  const asked = press(type(begun(), 'relay.example').state, 'enter').state
  return feed(asked, { kind: 'relay', turn: asked.turn, chosen: { ...RELAY, needsCode: true } })
    .state
}

test('a relay that wants a sign-up code is shown one before a name is asked', async (t) => {
  const asked = atCode()
  t.match(text(asked), /1 of 4[^]*Your sign-up code\?[^]*takes nobody without one/)
  t.match(text(asked), /^ > *$/m, 'the line is for the code, and not for the name')
  t.equal(press(asked, 'enter').state.step, 'code', 'nothing is no code')
  t.match(
    text(press(type(asked, 'what').state, 'enter').state),
    /> what[^]*that is no sign-up code/,
  )

  const named = press(type(asked, CODE.toLowerCase()).state, 'enter').state
  t.equal(named.step, 'username')
  t.equal(press(named, 'escape').state.step, 'code')
})

test('a code goes with the account, and one that is refused is asked for again', async (t) => {
  const free: FirstRunAction = { kind: 'username', username: 'dora.42', availability: FREE }
  const named = press(type(atCode(), CODE.toLowerCase()).state, 'enter').state
  const place: FirstRunAction = { kind: 'key-place', place: 'file' }
  const made = feed(named, free, keyOf('enter'), place, keyOf('enter'))
  t.match(made.effects.at(-1), { kind: 'make', code: CODE })

  const error = new PermissionError('signup-code/used-up', 'it is used up', { fix: 'Ask.' })
  const refused = feed(made.state, { kind: 'refused', turn: made.state.turn, error }).state
  t.match(text(refused), /Your sign-up code\?[^]*it is used up\. Ask\./)
})
