import { chmodSync } from 'node:fs'
import { join } from 'node:path'

import { test, type Test } from 'tap'

import { hasDesktop, isRemote, notifyArguments } from '../../src/app/desktop.js'
import { Notifier } from '../../src/app/notifier.js'
import { notificationBytes, notificationWay, throughTmux } from '../../src/terminal/notification.js'

const ESC = '\u001b'

test('each terminal is told in its own way', async (t) => {
  t.equal(notificationWay(['kitty(0.35.2)']), 'osc-99')
  t.equal(notificationWay([undefined, undefined, 'xterm-kitty']), 'osc-99')
  t.equal(notificationWay(['WezTerm 20240203']), 'osc-777')
  t.equal(notificationWay(['foot(1.16.2)', 'xterm-256color']), 'osc-777')
  t.equal(notificationWay([undefined, 'rxvt-unicode-256color']), 'osc-777')
  t.equal(notificationWay([undefined, 'iTerm.app', 'xterm-256color']), 'osc-9')
  t.equal(notificationWay(['XTerm(379)', undefined, 'xterm-256color']), 'unknown')
  t.equal(notificationWay([undefined, undefined, 'linux']), 'none')
  t.equal(notificationWay([undefined, 'Apple_Terminal', 'xterm-256color']), 'none')
})

test('names and texts of others cannot end the sequence or begin another command', async (t) => {
  const hostile = { title: `4;1;50${ESC}\\${ESC}]52;c;aGk=`, text: 'a;b\u0007c' }
  const osc9 = notificationBytes('osc-9', hostile)
  t.ok(osc9.startsWith(`${ESC}]9;sotto: `))
  t.equal(osc9.split(ESC).length, 3, 'no escape but at the beginning and the end')
  t.notMatch(osc9, '\u0007')
  const osc777 = notificationBytes('osc-777', { title: 'a;b', text: 'c;d' })
  t.equal(osc777, `${ESC}]777;notify;a,b;c,d${ESC}\\`)
})

test('kitty is told title and text apart, encoded', async (t) => {
  t.equal(
    notificationBytes('osc-99', { title: 'Bob', text: 'hi' }),
    `${ESC}]99;i=sotto:d=0:p=title:e=1;Qm9i${ESC}\\${ESC}]99;i=sotto:d=1:p=body:e=1;aGk=${ESC}\\`,
  )
})

test('through tmux every escape is doubled', async (t) => {
  t.equal(throughTmux(`${ESC}]9;x${ESC}\\`), `${ESC}Ptmux;${ESC}${ESC}]9;x${ESC}${ESC}\\${ESC}\\`)
  t.equal(throughTmux(''), '')
})

test('the terminal is asked for by what it says before what its environment says', async (t) => {
  let written = ''
  const notifier = new Notifier({
    ...{ env: { TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, version: () => 'kitty(0.35)' },
    by: () => 'auto',
    write: (bytes) => (written += bytes),
  })
  await notifier.notify({ title: 'Bob', text: '1 new message' })
  t.match(written, `${ESC}]99;`)
})

test('what is chosen goes before what the terminal is thought to have', async (t) => {
  let written = ''
  const notifier = new Notifier({
    ...{ env: { TERM: 'linux' }, version: () => undefined, by: () => 'osc-777' },
    write: (bytes) => (written += bytes),
  })
  await notifier.notify({ title: 'Bob', text: '1 new message' })
  t.equal(written, `${ESC}]777;notify;Bob;1 new message${ESC}\\`)
})

test('names and texts of others are no options, no markup and no escapes of the desktop', async (t) => {
  const hostile = { title: '--help', text: '<b>&amp;</b>\\074i\\n' }
  t.same(notifyArguments(hostile).slice(2), [
    ...['--', '--help', '&lt;b&gt;&amp;amp;&lt;/b&gt;\\\\074i\\\\n'],
  ])
  t.same(
    notifyArguments({ title: `a${ESC}[31m`, text: 'b\nc' }).filter((each) =>
      /[\n\u001b]/.test(each),
    ),
    [],
  )
})

test('there is a desktop where there is a session, and whoever is remote is not before it', async (t) => {
  t.equal(hasDesktop({ DISPLAY: ':0', XDG_RUNTIME_DIR: '/run/user/1' }), true)
  t.equal(hasDesktop({ WAYLAND_DISPLAY: 'wayland-0', DBUS_SESSION_BUS_ADDRESS: 'unix:' }), true)
  t.equal(hasDesktop({ XDG_RUNTIME_DIR: '/run/user/1', DISPLAY: '' }), false)
  t.equal(hasDesktop({ DISPLAY: ':0' }), false)
  t.same([isRemote({ SSH_CONNECTION: '1 2 3 4' }), isRemote({})], [true, false])
})

/** A tmux that answers so, for as long as the test runs. */
function withTmux(t: Test, answer: string): Notifier & { readonly written: () => string } {
  const dir = t.testdir({ tmux: `#!/bin/sh\nprintf '${answer}'\n` })
  chmodSync(join(dir, 'tmux'), 0o700)
  const before = process.env['PATH']
  process.env['PATH'] = `${dir}:${before ?? ''}`
  t.teardown(() => (process.env['PATH'] = before))
  let written = ''
  const notifier = new Notifier({
    ...{ env: { TMUX: '/tmp/tmux-1/default,1,0' }, version: () => undefined, by: () => 'auto' },
    write: (bytes) => (written += `${bytes}.`),
  })
  return Object.assign(notifier, { written: () => written })
}

test('in a tmux that lets it through the terminal around it is told, in its way', async (t) => {
  const notifier = withTmux(t, 'on\\nfoot(1.16)\\nfoot\\n')
  await notifier.notify({ title: 'Bob', text: 'hi' })
  t.equal(notifier.written(), `${throughTmux(`${ESC}]777;notify;Bob;hi${ESC}\\`)}.`)
})

test('in a tmux that lets nothing through nothing is written but the bell', async (t) => {
  const blocked = withTmux(t, 'off\\nfoot(1.16)\\nfoot\\n')
  await blocked.notify({ title: 'Bob', text: 'hi' })
  t.equal(blocked.written(), '')
})
