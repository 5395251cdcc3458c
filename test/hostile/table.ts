import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import ts from 'typescript'

import { ROOT } from '../harness/repository.js'
import type { Attack } from './attack.js'

const FOLDER = 'test/hostile'
const BEGIN = '<!-- attacks: made by npm run docs -->'
const END = '<!-- attacks: end -->'

/** A row of the table, with the test that carries the attack out. */
export interface Row extends Attack {
  readonly file: string
  readonly test: string
  /** The source of the test's body. */
  readonly body: string
}

/** Every attack that a test of this folder carries out, read out of the sources. */
export function readAttacks(): readonly Row[] {
  return readdirSync(join(ROOT, FOLDER))
    .filter((name) => name.endsWith('.test.ts') && name !== 'table.test.ts')
    .sort()
    .flatMap((name) => attacksIn(`${FOLDER}/${name}`))
}

/** The threat model with its table as the tests have it now. */
export function withAttacks(document: string): string {
  const [before, rest] = document.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined)
    throw new Error('the threat model has a place for the attacks')
  return `${before}${BEGIN}\n\n${renderAttacks(readAttacks())}\n\n${END}${after}`
}

function renderAttacks(rows: readonly Row[]): string {
  const header = ['the relay …', 'and achieves', 'what the person sees', 'test'] as const
  const cells = rows.map(({ attack, achieves, seen, file }) => [
    ...[
      lowerFirst(attack),
      achieves,
      seen,
      `[${file.slice(FOLDER.length + 1, -'.test.ts'.length)}](../${file})`,
    ],
  ])
  const widths = header.map((title, column) =>
    Math.max(...[title, ...cells.map((row) => row[column] ?? '')].map((cell) => cell.length)),
  )
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(header), rule, ...cells.map(line)].join('\n')
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}

/** `test('name', attack({ … }, body))`. */
function attacksIn(file: string): readonly Row[] {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true)
  return tree.statements.flatMap((statement) => {
    if (!ts.isExpressionStatement(statement) || !isCallOf(statement.expression, 'test')) return []
    const [name, work] = statement.expression.arguments
    if (name === undefined || !ts.isStringLiteralLike(name) || work === undefined)
      throw new Error(`${file}: a test begins with its name`)
    if (!isCallOf(work, 'attack')) throw new Error(`${file}: “${name.text}” carries out no attack`)
    const [row, body] = work.arguments
    if (row === undefined || body === undefined || !ts.isObjectLiteralExpression(row))
      throw new Error(`${file}: “${name.text}” has no row`)
    const { attack, achieves, seen } = fieldsOf(row)
    return [{ attack, achieves, seen, file, test: name.text, body: body.getText() }]
  })
}

function isCallOf(node: ts.Node, name: string): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.getText() === name
}

function fieldsOf(row: ts.ObjectLiteralExpression): Attack {
  const texts = new Map(
    row.properties.flatMap((property) =>
      ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer)
        ? [[property.name.getText(), property.initializer.text] as const]
        : [],
    ),
  )
  const field = (name: keyof Attack): string => {
    const text = texts.get(name)
    if (text === undefined) throw new Error(`an attack has no “${name}”`)
    return text
  }
  return { attack: field('attack'), achieves: field('achieves'), seen: field('seen') }
}
