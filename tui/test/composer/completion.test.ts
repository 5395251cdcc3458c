import { test } from 'tap'

import { applyCompletion, completionAt } from '../../src/composer/completion.js'
import {
  moveTo,
  openComposer,
  paste,
  selectAll,
  type,
  type Composer,
} from '../../src/composer/composer.js'

const PATHS = { pathCommands: ['attach'] }

/** What is completed where the bar is: `kind "query" what-it-replaces`. */
function at(written: string): string {
  const found = completionAt(composerAt(written).draft, PATHS)
  if (found === undefined) return 'nothing'
  const { start, end } = found.range
  return `${found.kind} ${found.query} [${written.replace('|', '').slice(start, end)}]`
}

function composerAt(written: string): Composer {
  const composer = type(openComposer(), written.replace('|', ''))
  return moveTo(composer, written.indexOf('|'), { extend: false })
}

test('a mention begins where a word begins', async (t) => {
  t.equal(at('hi @al|'), 'mention al [@al]')
  t.equal(at('@|'), 'mention  [@]')
  t.equal(at('(@al|ice) x'), 'mention al [@alice]')
  t.equal(at('you@exa|'), 'nothing')
  t.equal(at('@al ice|'), 'nothing')
})

test('an emoji needs a letter, and is none in a time or an address', async (t) => {
  t.equal(at('good, :rock|'), 'emoji rock [:rock]')
  t.equal(at(':+|'), 'emoji + [:+]')
  t.equal(at(':ro|ck: x'), 'emoji ro [:rock:]')
  t.equal(at(':|'), 'nothing')
  t.equal(at('12:30|'), 'nothing')
  t.equal(at('https:|'), 'nothing')
})

test('a command stands at the beginning of the draft', async (t) => {
  t.equal(at('/mu|te 1h'), 'command mu [/mute]')
  t.equal(at('/|'), 'command  [/]')
  t.equal(at('a /mute|'), 'path /mute [/mute]')
  t.equal(at('//mu|'), 'nothing')
})

test('a path looks like one, or stands behind a command that takes one', async (t) => {
  t.equal(at('see ~/pi|cs/x.jpg now'), 'path ~/pi [~/pics/x.jpg]')
  t.equal(at('../a|'), 'path ../a [../a]')
  t.equal(at('/attach my fi|le.txt'), 'path my fi [my file.txt]')
  t.equal(at('/mute my fi|'), 'nothing')
})

test('nothing is completed in a selection, or across a chip', async (t) => {
  t.equal(completionAt(selectAll(type(openComposer(), '@al')).draft, PATHS), undefined)
  const chip = paste(type(openComposer(), '@'), '1\n2\n3\n4')
  t.equal(completionAt(type(chip, 'al').draft, PATHS), undefined)
})

test('a choice takes the place of the word, without a second space', async (t) => {
  const composer = composerAt('hi @al| there')
  const found = completionAt(composer.draft, PATHS)!
  const { draft } = applyCompletion(composer, found, '@alice.42 ')
  t.same([draft.text, draft.cursor], ['hi @alice.42 there', 13])
})
