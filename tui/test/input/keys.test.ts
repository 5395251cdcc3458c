import { type Test, test } from 'tap'

import { decode, decodeByBytes, bytesOf, inShort } from '../support/decoding.js'

/** What is sent, and what it says: `E` stands for the escape byte. */
type Table = Readonly<Record<string, string>>

function check(t: Test, table: Table): void {
  const said = (sent: string) => sent.replaceAll('E', '\u001b')
  const found = Object.keys(table).map((sent) => [sent, inShort(decode(said(sent)))])
  t.same(Object.fromEntries(found), table)
  const byBytes = Object.keys(table).map((sent) => [
    sent,
    inShort(decodeByBytes(bytesOf(said(sent)))),
  ])
  t.same(Object.fromEntries(byBytes), table)
}

test('keys of one byte', async (t) => {
  check(t, {
    abc: '"abc"',
    'a b': '"a b"',
    '\r': 'enter',
    '\n': 'ctrl+j',
    '\t': 'tab',
    '\u007f': 'backspace',
    '\b': 'backspace',
    '\u0000': 'ctrl+space',
    '\u0001': 'ctrl+a',
    '\u000b': 'ctrl+k',
    '\u001a': 'ctrl+z',
    '\u001c': 'ctrl+\\',
    '\u001d': 'ctrl+]',
    '\u001f': 'ctrl+_',
    'a\rb': '"a" enter "b"',
  })
})

test('an escape is a key by itself, or the Alt of what follows', async (t) => {
  check(t, {
    E: 'escape',
    EE: 'escape escape',
    EEE: 'escape escape escape',
    Ea: 'alt+a',
    EA: 'alt+shift+a',
    E1: 'alt+1',
    'E?': 'alt+?',
    'E ': 'alt+space',
    'E\r': 'alt+enter',
    'E\n': 'ctrl+alt+j',
    'E\t': 'alt+tab',
    'E\u007f': 'alt+backspace',
    'E\u0001': 'ctrl+alt+a',
    Eé: 'alt+é',
    'E😀': 'alt+😀',
    EÉ: 'alt+shift+é',
    'E[': 'alt+[',
    EO: 'alt+shift+o',
    'E]': 'alt+]',
    EP: 'alt+shift+p',
    E_: 'alt+_',
    'E\\': 'alt+\\',
    'EE[A': 'alt+up',
    EEOA: 'alt+up',
    EEa: 'escape alt+a',
    'EE[I': 'escape <focus>',
  })
})

test('arrows, Home, End and their neighbours, of xterm, tmux and the Linux console', async (t) => {
  check(t, {
    'E[A': 'up',
    'E[B': 'down',
    'E[C': 'right',
    'E[D': 'left',
    'E[H': 'home',
    'E[F': 'end',
    'E[1~': 'home',
    'E[4~': 'end',
    'E[2~': 'insert',
    'E[3~': 'delete',
    'E[5~': 'page-up',
    'E[6~': 'page-down',
    'E[Z': 'shift+tab',
    'E[1;2A': 'shift+up',
    'E[1;3B': 'alt+down',
    'E[1;5C': 'ctrl+right',
    'E[1;9D': 'alt+left',
    'E[5D': 'ctrl+left',
    'E[1;8H': 'ctrl+alt+shift+home',
    'E[3;5~': 'ctrl+delete',
    'E[5;3~': 'alt+page-up',
  })
})

test('application cursor mode and the keypad', async (t) => {
  check(t, {
    EOA: 'up',
    EOD: 'left',
    EOH: 'home',
    EOF: 'end',
    EOP: 'f1',
    EOS: 'f4',
    EO5P: 'ctrl+f1',
    'EO1;2Q': 'shift+f2',
    EOM: 'enter',
    EOp: '"0"',
    EOy: '"9"',
    EOk: '"+"',
    EEOp: 'alt+0',
  })
})

test('function keys', async (t) => {
  check(t, {
    'E[11~': 'f1',
    'E[15~': 'f5',
    'E[17~': 'f6',
    'E[24~': 'f12',
    'E[25~': 'f13',
    'E[34~': 'f20',
    'E[45~': 'f24',
    'E[[A': 'f1',
    'E[[B': 'f2',
    'E[P': 'f1',
    'E[1;2P': 'shift+f1',
    'E[1;2R': 'shift+f3',
    'E[15;5~': 'ctrl+f5',
  })
})

test('rxvt says modifiers with the last byte', async (t) => {
  check(t, {
    'E[7~': 'home',
    'E[8~': 'end',
    'E[a': 'shift+up',
    EOc: 'ctrl+right',
    'E[3$': 'shift+delete',
    'E[5^': 'ctrl+page-up',
    'E[6@': 'ctrl+shift+page-down',
    'EE[3~': 'alt+delete',
    'E[3$x': 'shift+delete "x"',
  })
})

test('the kitty protocol', async (t) => {
  check(t, {
    'E[27u': 'escape',
    'E[13;2u': 'shift+enter',
    'E[13;5u': 'ctrl+enter',
    'E[9;5u': 'ctrl+tab',
    'E[127;3u': 'alt+backspace',
    'E[107;5u': 'ctrl+k',
    'E[107;6u': 'ctrl+shift+k',
    'E[97;3u': 'alt+a',
    'E[32;5u': 'ctrl+space',
    'E[32;2u': '" "',
    'E[97u': '"a"',
    'E[97;2u': '"A"',
    'E[97;65u': '"A"',
    'E[97:65;2;65u': '"A"',
    'E[97;;229u': '"å"',
    'E[47:63;2u': '"?"',
    'E[47:63;4u': 'alt+?',
    'E[128512;;128512:65039u': '"😀\ufe0f"',
    'E[97;1:2u': '"a"',
    'E[97;1:3u': '',
    'E[1;5:1A': 'ctrl+up',
    'E[1;1:3A': '',
    'E[3;1:3~': '',
    'E[57376u': 'f13',
    'E[57387;5u': 'ctrl+f24',
    'E[57399u': '"0"',
    'E[57414u': 'enter',
    'E[57424u': 'end',
    'E[13;129u': 'enter',
  })
})

test('modifyOtherKeys', async (t) => {
  check(t, {
    'E[27;2;13~': 'shift+enter',
    'E[27;5;9~': 'ctrl+tab',
    'E[27;6;75~': 'ctrl+shift+k',
    'E[27;5;46~': 'ctrl+.',
    'E[27;6;63~': 'ctrl+?',
    'E[27;2;65~': '"A"',
    'E[27;3;13~': 'alt+enter',
  })
})

test('a character with Super is never typed', async (t) => {
  check(t, {
    'E[99;9u': '<unknown csi 7>',
    'E[57441;2u': '<unknown csi 10>',
    'E[99;17u': '<unknown csi 8>',
  })
})

test('sequences of no meaning are swallowed whole, and said to have come', async (t) => {
  check(t, {
    'E[99zx': '<unknown csi 5> "x"',
    'E[?1;2hx': '<unknown csi 7> "x"',
    'E[>0;276;0cx': '<unknown csi 11> "x"',
    'E[201~x': '<unknown csi 6> "x"',
    'E[Mabcx': '<unknown csi 6> "x"',
    EOzx: '<unknown ss3 3> "x"',
    'E]0;title\u0007x': '<unknown osc 10> "x"',
    'E]0;titleE\\x': '<unknown osc 11> "x"',
    'EP1$r0mE\\x': '<unknown dcs 9> "x"',
    'E_Gi=1;OKE\\x': '<unknown apc 11> "x"',
    '\u009b31m': '<unknown control 2> "31m"',
    'E[12\r': '<unknown csi 4> enter',
    'E[12E[A': '<unknown csi 4> up',
    'E]0;x\r': '<unknown osc 5> enter',
    'E]0;xE[A': '<unknown osc 5> up',
    'E[1;99999999999A': '<unknown csi 16>',
    'E[<-1;2;3M': '<unknown csi 10>',
  })
})
