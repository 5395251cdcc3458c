import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import ts from 'typescript'

import { ROOT } from '../harness/repository.js'

export const PACKAGES = ['protocol', 'client-core', 'tui', 'cli', 'relay', 'test'] as const
export type PackageName = (typeof PACKAGES)[number]

/** One TypeScript file of the repository, as far as tidiness is concerned. */
export interface SourceFile {
  /** From the root, with slashes: `relay/src/main.ts`. */
  readonly path: string
  readonly package: PackageName
  readonly isTest: boolean
  readonly text: string
  readonly imports: readonly Import[]
  /** Every name the file gives to something. */
  readonly names: readonly Name[]
}

export interface Import {
  readonly specifier: string
  /** Erased by the compiler, so that nothing is loaded for it. */
  readonly isTypeOnly: boolean
  readonly line: number
}

export interface Name {
  readonly text: string
  readonly line: number
  readonly isType: boolean
}

/** Every source and test file of the six packages; what is generated, installed or built is left out. */
export function readSourceFiles(): readonly SourceFile[] {
  return PACKAGES.flatMap((name) =>
    filesBelow(name)
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
      .map((path) => readSourceFile(name, path)),
  )
}

/** Paths from the root of all files below a folder of it. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return []
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_WRITTEN.has(entry.name)) return []
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

const NOT_WRITTEN = new Set(['node_modules', 'out', 'dist', 'prebuilds', 'generated'])

function readSourceFile(packageName: PackageName, path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const imports: Import[] = []
  const names: Name[] = []
  const lineOf = (node: ts.Node) => tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1

  const visit = (node: ts.Node): void => {
    const found = importOf(node)
    if (found !== null) imports.push({ ...found, line: lineOf(node) })
    const name = nameOf(node)
    if (name !== null) names.push({ text: name, line: lineOf(node), isType: isType(node) })
    ts.forEachChild(node, visit)
  }
  visit(tree)
  const isTest = packageName === 'test' || path.startsWith(`${packageName}/test/`)
  return { path, package: packageName, isTest, text, imports, names }
}

function importOf(node: ts.Node): Pick<Import, 'specifier' | 'isTypeOnly'> | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const isTypeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    return { specifier: node.moduleSpecifier.text, isTypeOnly }
  }
  if (
    ts.isExportDeclaration(node) &&
    node.moduleSpecifier &&
    ts.isStringLiteral(node.moduleSpecifier)
  ) {
    return { specifier: node.moduleSpecifier.text, isTypeOnly: node.isTypeOnly }
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments
    // Loaded when it is asked for, not with the file: it closes no cycle.
    if (argument && ts.isStringLiteral(argument)) {
      return { specifier: argument.text, isTypeOnly: true }
    }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const { literal } = node.argument
    if (ts.isStringLiteral(literal)) return { specifier: literal.text, isTypeOnly: true }
  }
  return null
}

function nameOf(node: ts.Node): string | null {
  if (!isNaming(node) || node.name === undefined) return null
  return ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name)
    ? node.name.text.replace(/^#/, '')
    : null
}

function isNaming(node: ts.Node): node is ts.NamedDeclaration {
  return (
    isType(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isGetAccessor(node) ||
    ts.isParameter(node)
  )
}

function isType(node: ts.Node): boolean {
  return (
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  )
}
