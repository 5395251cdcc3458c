import { numberedText } from '../screen/numbered.js'

/**
 * The least that is a chat screen: rows of a conversation, a line that is typed on, and nothing behind
 * either. Writes only the row that changed, or all of them for a page.
 */
const MESSAGES = 10_000
const columns = process.stdout.columns || 80
const height = (process.stdout.rows || 24) - 1
const texts = Array.from({ length: MESSAGES }, (_, index) => numberedText(index))
let bottom = MESSAGES
let typed = ''

process.stdin.setRawMode(true)
process.stdout.write(`\u001b[?1049h\u001b[2J${page()}${line()}`)
process.stdin.on('data', (bytes: Buffer) => {
  const keys = bytes.toString()
  if (keys === '\u0004') {
    process.stdout.write('\u001b[?1049l')
    process.exit(0)
  }
  if (keys === '\u001b[5~') {
    bottom = Math.max(height, bottom - height)
    process.stdout.write(page() + line())
    return
  }
  typed = keys === '\u0015' ? '' : typed + keys
  process.stdout.write(line())
})

function page(): string {
  const rows = texts.slice(bottom - height, bottom)
  return rows.map((text, at) => row(at, text.slice(0, columns / 2))).join('')
}

function line(): string {
  return row(height, `> ${typed}`)
}

function row(at: number, text: string): string {
  return `\u001b[${String(at + 1)};1H${text}\u001b[K`
}
