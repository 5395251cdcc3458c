import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'

import { ROOT } from '../harness/repository.js'
import { filesBelow } from './source-file.js'

/** One Markdown file. */
export interface Document {
  readonly path: string
  readonly headings: readonly string[]
  /** What its links point at, as written. */
  readonly links: readonly string[]
}

/** Every document of the repository: those at the root and those in docs. */
export function readDocuments(): readonly Document[] {
  const atRoot = readdirSync(ROOT).filter((name) => name.endsWith('.md'))
  const inDocs = filesBelow('docs').filter((path) => path.endsWith('.md'))
  return [...atRoot, ...inDocs].map(readDocument)
}

function readDocument(path: string): Document {
  const prose = readFileSync(join(ROOT, path), 'utf8').replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
  const headings = [...prose.matchAll(/^#+ +(.+?) *$/gm)].map(([, heading = '']) => heading)
  const plain = prose.replace(/`[^`\n]*`/g, '')
  const links = [...plain.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return { path, headings, links }
}

/** Links that lead nowhere, as `file: link`. Addresses elsewhere are not tried. */
export function brokenLinks(documents: readonly Document[]): string[] {
  const byPath = new Map(documents.map((document) => [document.path, document]))
  return documents.flatMap((document) =>
    document.links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => !leadsSomewhere(document, link, byPath))
      .map((link) => `${document.path}: ${link}`),
  )
}

function leadsSomewhere(
  from: Document,
  link: string,
  byPath: ReadonlyMap<string, Document>,
): boolean {
  const [file = '', anchor] = link.split('#')
  const path = file === '' ? from.path : posix.join(posix.dirname(from.path), file)
  if (!existsSync(join(ROOT, path))) return false
  const target = byPath.get(path)
  if (anchor === undefined || target === undefined) return true
  return target.headings.some((heading) => anchorOf(heading) === anchor)
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
}
