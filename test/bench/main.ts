import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ROOT } from '../harness/index.js'
import { OPTIONS_HELP, parseArguments, type Asked } from './arguments.js'
import { BENCHES } from './catalogue.js'
import { benchmarksDocument } from './document.js'
import type { Figure } from './figure.js'
import { describeCommit, describeMachine } from './machine.js'
import { aligned, durabilities, jsonLine, rowsOf } from './print.js'

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const asked = parseArguments(args, Object.keys(BENCHES))
  switch (asked.kind) {
    case 'wrong':
      console.error(asked.reason)
      return 64
    case 'help':
      console.log(help())
      return 0
    case 'run':
      // With it Node reads every certificate whenever it starts, which hides what is measured.
      delete process.env['NODE_EXTRA_CA_CERTS']
      await measureAll(asked, args)
      return 0
  }
}

async function measureAll(
  asked: Extract<Asked, { kind: 'run' }>,
  args: readonly string[],
): Promise<void> {
  const [machine, commit, beganMs] = [describeMachine(), describeCommit(), Date.now()]
  const figures: Figure[] = []
  for (const name of asked.names) {
    const bench = await BENCHES[name]?.load()
    const note = (line: string): void => console.error(`${name}: ${line}`)
    figures.push(...((await bench?.run({ ...asked, note })) ?? []))
  }
  const tookMs = Date.now() - beganMs
  for (const line of asked.json ? figures.map(jsonLine) : table(figures)) console.log(line)
  if (asked.document === undefined) return
  const text = benchmarksDocument({ figures, machine, commit, beganMs, tookMs, args })
  writeFileSync(resolve(ROOT, asked.document), text)
  console.error(`written to ${asked.document}`)
}

function table(figures: readonly Figure[]): readonly string[] {
  const stated = durabilities(figures)
  const promises = stated.length === 0 ? [] : ['', 'What peers promise:', ...stated]
  return [...aligned(rowsOf(figures), '  '), ...promises]
}

function help(): string {
  const names = Object.entries(BENCHES).map(([name, { summary }]) => [`  ${name}`, summary])
  return [
    'npm run bench [names] [-- options]',
    '',
    'Figures beside their floors, and beside other programs where those are installed: prosody,',
    'ejabberd (also on PostgreSQL), mosquitto, go-sendxmpp, irssi, weechat, profanity. It never',
    'passes or fails.',
    '',
    ...aligned(names, '  '),
    '',
    ...OPTIONS_HELP.map((line) => `  ${line}`),
  ].join('\n')
}
