import { Buffer } from 'node:buffer'

import { test } from 'tap'

import { decode, inShort } from '../support/decoding.js'

const ESC = '\u001b'

test('the mouse: buttons, moves and the wheel, with modifiers', async (t) => {
  const said = (report: string) => inShort(decode(`${ESC}[<${report}`))
  t.equal(said('0;10;5M'), '<press left 10,5>')
  t.equal(said('0;10;5m'), '<release left 10,5>')
  t.equal(said('2;1;1M'), '<press right 1,1>')
  t.equal(said('32;3;4M'), '<move left 3,4>')
  t.equal(said('35;3;4M'), '<move none 3,4>')
  t.equal(said('64;10;5M'), '<wheel-up none 10,5>')
  t.equal(said('65;10;5M'), '<wheel-down none 10,5>')
  t.equal(said('28;10;5M'), '<ctrl+alt+shift+press left 10,5>')
})

test('the wheel to the side, buttons past the third and no cell at all have no meaning', async (t) => {
  const said = (report: string) => inShort(decode(`${ESC}[<${report}`))
  t.equal(said('66;10;5M'), '<unknown csi 11>')
  t.equal(said('128;10;5M'), '<unknown csi 12>')
  t.equal(said('0;0;5M'), '<unknown csi 9>')
  t.equal(said('0;70000;5M'), '<unknown csi 13>')
})

test('a report of the mouse in two reads is no text', async (t) => {
  t.equal(inShort(decode(`${ESC}[<64;`, '10;5M')), '<wheel-up none 10,5>')
})

test('the window gets and loses the keyboard', async (t) => {
  t.equal(inShort(decode(`${ESC}[I${ESC}[O`)), '<focus> <blur>')
})

test('answers of the terminal', async (t) => {
  const said = (answer: string) => inShort(decode(answer))
  t.equal(said(`${ESC}[?62;4;22c`), '<"device-attributes" [62,4,22]>')
  t.equal(said(`${ESC}[12;34R`), '<"cursor-position" 12 34>')
  t.equal(said(`${ESC}[1;34R`), '<"cursor-position" 1 34>')
  t.equal(said(`${ESC}[?1;2R`), '<"cursor-position" 1 2>')
  t.equal(said(`${ESC}[?2026;2$y`), '<"mode" 2026 "off">')
  t.equal(said(`${ESC}[?2004;1$y`), '<"mode" 2004 "on">')
  t.equal(said(`${ESC}[?2026;0$y`), '<"mode" 2026 "unknown">')
  t.equal(said(`${ESC}[?5u`), '<"keyboard" 5>')
  t.equal(said(`${ESC}P>|tmux 3.3a${ESC}\\`), '<"version" "tmux 3.3a">')
})

test('the colours of the terminal, with two or four digits, ended either way', async (t) => {
  const said = (answer: string) => inShort(decode(answer))
  const white = '<"colour" "foreground" {"red":255,"green":255,"blue":255}>'
  const dark = '<"colour" "background" {"red":30,"green":0,"blue":128}>'
  t.equal(said(`${ESC}]10;rgb:ffff/ffff/ffff\u0007`), white)
  t.equal(said(`${ESC}]10;rgb:ff/ff/ff${ESC}\\`), white)
  t.equal(said(`${ESC}]11;rgb:1e1e/0000/8080${ESC}\\`), dark)
  t.equal(said(`${ESC}]11;rgb:zz/00/00\u0007`), '<unknown osc 18>')
})

test('what was copied comes as text, and never when it is broken', async (t) => {
  const copied = Buffer.from('héllo\n').toString('base64')
  const said = inShort(decode(`${ESC}]52;c;${copied}${ESC}\\`))
  t.equal(said, '<"clipboard" "héllo\\n">')
  t.match(inShort(decode(`${ESC}]52;c;***\u0007`)), /^<unknown osc/)
})
