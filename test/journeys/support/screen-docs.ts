import { renderScreenDocs } from '@sotto/tui/docs'

import { goldenPath, readGolden, SIZES, VIEWS } from './golden.js'

/** The pictures of the documentation, by view and columns. */
const SHOWN = [
  ['conversation', 120, 'Wide'],
  ['conversation', 80, 'At 80 columns'],
  ['list', 60, 'Below 80 columns the list and the conversation are two screens'],
  ['hostile', 60, 'Somebody new, who means harm'],
  ['palette', 80, 'Go to, or do: Ctrl+K'],
] as const

/** docs/TUI.md as it should be. */
export function renderDocumentedScreen(): string {
  return renderScreenDocs(
    SHOWN.map(([name, columns, title]) => ({ title, text: textOf(name, columns) })),
  )
}

const PICTURE = /(?<=<!-- screen -->\n\n```text\n)[^]*?(?=\n```)/

/** The README with its picture as it should be. */
export function withPicture(readme: string): string {
  return readme.replace(PICTURE, () => textOf('conversation', 80))
}

function textOf(name: string, columns: number): string {
  const view = VIEWS.find((each) => each.name === name)
  const size = SIZES.find((each) => each.columns === columns)
  if (view === undefined || size === undefined) throw new Error(`no picture of ${name}`)
  return readGolden(goldenPath(view, size)).text.trimEnd()
}
