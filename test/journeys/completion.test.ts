import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import fc from 'fast-check'
import { test, type Test } from 'tap'

import {
  isInstalled,
  isolatedEnvironment,
  makePair,
  SOTTO,
  sotto,
  spawnOnTerminal,
  startRelay,
  succeed,
  tempDir,
  type Environment,
} from '../harness/index.js'

/** The machine is busy while tests run; somebody who waits at a prompt is not that patient. */
const PATIENCE = { SOTTO_TIMEOUT: '40s' }

/** Alice's home, with @bob.42 known as @bobby, and shells in which `sotto` is what was built. */
async function prepareShells(
  t: Test,
): Promise<{ readonly env: Environment; readonly dir: string }> {
  const dir = tempDir(t)
  const relay = await startRelay(t, { dir })
  const { alice } = await makePair(relay, dir)
  await succeed(alice.run(['contact', 'add', '@bob.42', '--as', 'bobby']))
  return {
    dir,
    env: shellEnvironment(dir, `exec '${process.execPath}' '${SOTTO}' "$@"`, alice.home),
  }
}

/** What `sotto` does in a shell is a script of `sh`. */
function shellEnvironment(dir: string, script: string, home = join(dir, 'home')): Environment {
  const bin = join(dir, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'sotto'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, 'sotto'), 0o755)
  const { PATH = '', ...env } = isolatedEnvironment(home, { SOTTO_HOME: home, ...PATIENCE })
  return { ...env, PATH: `${bin}${delimiter}${PATH}`, TERM: 'xterm' }
}

function scriptFor(shell: string): string {
  return execFileSync(process.execPath, [SOTTO, 'completion', shell], { encoding: 'utf8' })
}

const BASH = `. "$1"; COMP_LINE=$2 COMP_POINT=\${#2} COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
_sotto; [ \${#COMPREPLY[@]} = 0 ] || printf '%s\\n' "\${COMPREPLY[@]}"`

/** What bash would offer for a line, each as it would replace the part behind the last break. */
function bashOffers(env: Environment, dir: string, line: string): readonly string[] {
  const script = join(dir, 'sotto.bash')
  if (!existsSync(script)) writeFileSync(script, scriptFor('bash'))
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', BASH, 'bash', script, line], {
    env,
    encoding: 'utf8',
  })
  if (stderr !== '') throw new Error(stderr)
  return stdout.split('\n').filter((each) => each !== '')
}

test('bash offers commands, verbs, flags and the words a flag takes', async (t) => {
  const dir = tempDir(t)
  const env = shellEnvironment(dir, 'exit 1')
  const offers = (line: string) => bashOffers(env, dir, line)

  t.same(offers('sotto rec'), ['receive'])
  t.same(offers('sotto contact ac'), ['accept'])
  t.same(offers('sotto --json contact ac'), ['accept'])
  t.same(offers('sotto -A alice.42 contact ac'), ['accept'])
  t.same(offers('sotto receive --fol'), ['--follow'])
  t.same(offers('sotto receive --no-in'), ['--no-input'])
  t.same(offers('sotto send @bob --wait de'), ['delivered'])
  t.same(offers('sotto send @bob --wait=de'), ['delivered'])
  t.same(offers('sotto receive --type gap,backlog'), ['gap,backlog.done'])
  t.same(offers('sotto completion f'), ['fish'])
  t.same(offers('sotto schema backl'), ['backlog.done'])
  t.same(offers('sotto help exit'), ['exit-codes'])
  t.same(offers('sotto send @bob -- --wa'), [])
  t.ok(offers('sotto ').includes('send'))
  t.notOk(offers('sotto ').includes('__complete'))
})

test('bash asks for names, and offers what stands behind the last word break', async (t) => {
  const { env, dir } = await prepareShells(t)
  const offers = (line: string) => bashOffers(env, dir, line)

  t.same(offers('sotto send @bob'), ['@bob.42', '@bobby'])
  t.same(offers('sotto send m'), ['me'])
  t.same(offers('sotto send "@bobb'), ['@bobby'])
  t.same(offers('sotto send @bob.42 --reply-to @last:@bob'), ['@bob.42', '@bobby'])
  t.same(offers('sotto -A al'), ['alice.42'])
  t.same(offers('sotto receive --from=@bobb'), ['@bobby'])
  t.same(offers('sotto --home /nowhere send @'), [])
})

test('a name in a real bash is completed with the tab key', async (t) => {
  const { env, dir } = await prepareShells(t)
  writeFileSync(join(dir, 'sotto.bash'), `${scriptFor('bash')}PS1='ready> '\n`)
  const typed = await typeInto('bash', ['--rcfile', join(dir, 'sotto.bash'), '-i'], {
    env,
    keys: 'sotto verify show @bobb\t\r',
    shows: /(\d{5} ){3}\d{5}|error/,
  })
  t.notMatch(typed, /error/)
})

test(
  'a real zsh completes commands and names',
  { skip: isInstalled('zsh') ? false : 'no zsh here' },
  async (t) => {
    const { env, dir } = await prepareShells(t)
    writeFileSync(
      join(dir, '.zshrc'),
      `PS1='ready> '\nautoload -Uz compinit && compinit -u -D\n${scriptFor('zsh')}`,
    )
    const options = { env: { ...env, ZDOTDIR: dir } }
    const words = { keys: 'sotto contact acc\t', shows: /contact accept / }
    t.ok(await typeInto('zsh', ['-d', '-i'], { ...options, ...words }))
    const names = { keys: 'sotto send @bobb\t', shows: /send @bobby / }
    t.ok(await typeInto('zsh', ['-d', '-i'], { ...options, ...names }))
  },
)

test(
  'fish offers commands and names',
  { skip: isInstalled('fish') ? false : 'no fish here' },
  async (t) => {
    const { env, dir } = await prepareShells(t)
    writeFileSync(join(dir, 'sotto.fish'), scriptFor('fish'))
    const offers = (line: string) =>
      execFileSync(
        'fish',
        ['-N', '-c', 'source $argv[1]; complete -C $argv[2]', join(dir, 'sotto.fish'), line],
        {
          env,
          encoding: 'utf8',
        },
      )
        .split('\n')
        .filter((each) => each !== '')

    t.match(offers('sotto contact acc'), [/^accept\t/])
    t.match(offers('sotto receive --fol'), [/^--follow\t/])
    t.same(offers('sotto send @bob --wait de'), ['delivered'])
    t.same(offers('sotto send @bobb'), ['@bobby'])
    t.same(offers('sotto receive --from=@bobb'), ['--from=@bobby'])
  },
)

test('the scripts are what their shells can read', async (t) => {
  const dir = tempDir(t)
  const check = (shell: string, program: string, ...args: string[]) => {
    if (!isInstalled(program)) return t.pass(`no ${program} here`, { skip: `no ${program} here` })
    const script = join(dir, `sotto.${shell}`)
    writeFileSync(script, scriptFor(shell))
    const { status, stdout, stderr } = spawnSync(program, [...args, script], { encoding: 'utf8' })
    return t.equal(status, 0, `${program}: ${stdout}${stderr}`)
  }
  check('bash', 'bash', '-n')
  check('bash', 'shellcheck')
  check('zsh', 'zsh', '-n')
  check('fish', 'fish', '-n')
})

/** Whatever a name holds, in its own words. */
const NAMES = fc.string({ unit: 'binary', minLength: 1, maxLength: 24 }).map((name) => `@${name}`)
const EVIL = [
  '$(touch pwned)',
  '`touch pwned`',
  '; touch pwned',
  "' ; touch pwned ; '",
  '" ; touch pwned ; "',
]

test('a name can never inject code into the shell that offers it', async (t) => {
  const dir = tempDir(t)
  const names = [...EVIL.map((each) => `@a${each}`), ...fc.sample(NAMES, 60)]
    .map((name) => name.replaceAll(/[\n\0]/g, ''))
    .filter((name) => name.isWellFormed())
  writeFileSync(join(dir, 'names'), `${names.join('\n')}\n`)
  const env = shellEnvironment(dir, `cat '${join(dir, 'names')}'`)
  for (const line of [
    'sotto send @',
    'sotto send "@',
    "sotto send '@",
    'sotto send --reply-to=@',
  ]) {
    // What was offered is typed, and the shell reads it as one word that is the name.
    for (const offer of bashOffers(env, dir, line)) {
      const opened = /["']/.exec(line)?.[0] ?? ''
      const { stdout } = spawnSync(
        'bash',
        ['--norc', '-c', `printf '%s\\0' ${opened}${offer}${opened}`],
        {
          cwd: dir,
          env,
          encoding: 'utf8',
        },
      )
      t.ok(names.includes(stdout.replace(/\0$/, '')), JSON.stringify(offer))
    }
  }
  t.notOk(existsSync(join(dir, 'pwned')))
})

test('what a shell asks for is answered without a word of trouble', async (t) => {
  const home = tempDir(t)
  for (const args of [['recipient'], ['account'], ['message', '@'], ['nothing'], []]) {
    const { stdout, stderr } = await sotto(home, ['__complete', ...args])
    t.notMatch(stdout, /error/)
    if (args.length > 0) t.equal(stderr, '')
  }
})

interface Typing {
  readonly env: Environment
  readonly keys: string
  readonly shows: RegExp
}

/** Types into a shell on a terminal once it is ready, and answers all it showed until it ended. */
function typeInto(shell: string, args: string[], typing: Typing): Promise<string> {
  const terminal = spawnOnTerminal(shell, args, { cols: 100, rows: 24, env: typing.env, cwd: '/' })
  return new Promise((resolve, reject) => {
    let text = ''
    let next: 'ready' | 'shown' | 'ended' = 'ready'
    const late = setTimeout(() => {
      terminal.kill()
      reject(new Error(`did not show it:\n${text}`))
    }, 40_000)
    terminal.onExit(() => {
      clearTimeout(late)
      resolve(text)
    })
    terminal.onData((part) => {
      text += part.replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '')
      if (next === 'ready' && text.includes('ready> ')) {
        next = 'shown'
        terminal.write(typing.keys)
      }
      if (next === 'shown' && typing.shows.test(text)) {
        next = 'ended'
        terminal.write('\u0015exit\r')
      }
    })
  })
}
