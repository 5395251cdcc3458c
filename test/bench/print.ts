import { goalText, isMet, isMetBeside, ratioOf, type Figure, type Peer } from './figure.js'

/** What figure.schema.json describes. */
export function jsonLine(figure: Figure): string {
  const { goal, peers, ...measured } = figure
  return JSON.stringify({
    ...measured,
    peers: peers?.map((peer) => peerObject(figure, peer)),
    ratio: ratioOf(figure),
    goal: goal === undefined ? undefined : goalText(goal),
    met: isMet(figure),
  })
}

function peerObject(figure: Figure, peer: Peer): object {
  if ('skipped' in peer) return peer
  const { goal, ...measured } = peer
  return {
    ...measured,
    ratio: figure.value / peer.value,
    goal: goal === undefined ? undefined : goalText(goal),
    met: isMetBeside(figure, peer),
  }
}

/** The head, and a row for each figure and below it one for each of its peers. */
export function rowsOf(figures: readonly Figure[]): readonly (readonly string[])[] {
  return [
    ['figure', 'value', 'beside', 'its value', 'ratio', 'goal', ''],
    ...figures.flatMap((figure) => [
      [
        figure.bench,
        `${round(figure.value)} ${figure.unit}`.trim(),
        figure.floor?.name ?? '',
        figure.floor === undefined ? '' : round(figure.floor.value),
        ratioText(ratioOf(figure)),
        figure.goal === undefined ? '' : goalText(figure.goal),
        verdict(isMet(figure)),
      ],
      ...(figure.peers ?? []).map((peer) => peerRow(figure, peer)),
    ]),
  ]
}

function peerRow(figure: Figure, peer: Peer): readonly string[] {
  if ('skipped' in peer) return ['', '', peer.name, `skipped: ${peer.skipped}`, '', '', '']
  return [
    '',
    '',
    peer.name,
    round(peer.value),
    ratioText(figure.value / peer.value),
    peer.goal === undefined ? '' : goalText(peer.goal),
    verdict(isMetBeside(figure, peer)),
  ]
}

/** Columns of one width each. */
export function aligned(rows: readonly (readonly string[])[], between: string): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(between))
}

/** What each peer that was measured has done with a message when it says that it has it. */
export function durabilities(figures: readonly Figure[]): readonly string[] {
  const stated = figures
    .flatMap(({ peers = [] }) => peers)
    .flatMap((peer) => ('skipped' in peer ? [] : [`${peer.name}: ${peer.durability}`]))
  return [...new Set(stated)]
}

function round(value: number): string {
  if (value === 0) return '0'
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

function ratioText(ratio: number | undefined): string {
  return ratio === undefined ? '' : ratio.toFixed(2)
}

function verdict(met: boolean | undefined): string {
  return met === undefined ? '' : met ? 'met' : 'missed'
}
