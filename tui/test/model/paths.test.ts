import { test } from 'tap'

import type { FolderEntry } from '../../src/model/state.js'
import { feed, chatScene, draftOf, effectsOf, lines, paneLines, press, type } from './scene.js'

const open = () => chatScene(lines(1, 60))
const file = (name: string): FolderEntry => ({ name, isFolder: false })
const folder = (name: string): FolderEntry => ({ name, isFolder: true })

test('a path behind a command is completed as a shell does, one folder at a time', (t) => {
  const asked = type(open(), '/export ~/d')
  t.strictSame(effectsOf(asked, 'list-folder').at(-1), { kind: 'list-folder', path: '~/' })
  const entries = [file('draft.txt'), folder('Documents'), file('other'), file('.dot')]
  const listed = feed(asked.state, { kind: 'folder', path: '~/', entries })
  t.strictSame(paneLines(listed.state, 'completion'), ['› Documents/', '  draft.txt'])
  const taken = press(listed.state, 'tab')
  t.equal(draftOf(taken.state), '/export ~/Documents/')
  const within = type(taken.state, 'a b')
  t.strictSame(effectsOf(within, 'list-folder').at(-1), {
    ...{ kind: 'list-folder', path: '~/Documents/' },
  })
  const names = { kind: 'folder', path: '~/Documents/', entries: [file('a b.ndjson')] } as const
  t.equal(
    draftOf(press(feed(within.state, names).state, 'tab').state),
    '/export ~/Documents/a b.ndjson',
  )
  t.end()
})

test('Enter writes into the file that was written, whatever is offered beside it', (t) => {
  const typed = type(open(), '/export out').state
  const listed = feed(typed, { kind: 'folder', path: '', entries: [folder('outbox')] }).state
  t.strictSame(paneLines(listed, 'completion'), ['› outbox/'])
  const done = press(listed, 'enter')
  t.match(effectsOf(done, 'export'), [{ kind: 'export', path: 'out' }])
  t.equal(draftOf(done.state), '')
  const told = feed(done.state, { kind: 'exported', path: '/home/me/out\u202e', messages: 60 })
  t.match(told.state.toasts.at(-1), {
    text: /^60 messages, unencrypted: \/home\/me\/out/,
    tone: 'good',
  })
  t.notMatch(told.state.toasts.at(-1)?.text, /\u202e/)
  t.end()
})

test('the command without a file begins the draft that says where', (t) => {
  const begun = press(type(open(), '/export').state, 'enter').state
  t.equal(draftOf(begun), '/export ')
  t.strictSame(effectsOf(press(begun, 'enter'), 'export'), [])
  t.end()
})

test('a path in a text is completed by Tab, and Enter sends the text as it is', (t) => {
  const typed = type(open(), 'see ./no')
  t.strictSame(effectsOf(typed, 'list-folder').at(-1), { kind: 'list-folder', path: './' })
  const entries = [file('notes.md')]
  const listed = feed(typed.state, { kind: 'folder', path: './', entries }).state
  t.equal(draftOf(press(listed, 'tab').state), 'see ./notes.md')
  t.match(effectsOf(press(listed, 'enter'), 'send'), [{ text: 'see ./no' }])
  t.end()
})

test('names that a person would not see as they are are not offered', (t) => {
  const typed = type(open(), 'see ./').state
  const entries = [
    file('a\u001b[31m'),
    file('b\u202etxt'),
    file('c\nd'),
    file('.hidden'),
    file('fine'),
  ]
  const listed = feed(typed, { kind: 'folder', path: './', entries }).state
  t.strictSame(paneLines(listed, 'completion'), ['› fine'])
  const dotted = feed(type(listed, '.').state, { kind: 'folder', path: './', entries }).state
  t.strictSame(paneLines(dotted, 'completion'), ['› .hidden'])
  t.end()
})

test('what a folder held that nobody writes of any more is not shown, and is asked for anew', (t) => {
  const typed = type(open(), 'see ./n').state
  const gone = type(typed, ' and').state
  const late = feed(gone, { kind: 'folder', path: './', entries: [file('notes.md')] }).state
  t.strictSame(paneLines(late, 'completion'), [])
  t.equal(effectsOf(type(late, ' ./n'), 'list-folder').length, 1)
  t.end()
})
