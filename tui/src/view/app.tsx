import { Box, type DOMElement } from 'ink'
import { useLayoutEffect, useRef, type ReactNode } from 'react'

import type { Frame } from '../model/frame.js'
import type { PaneName, Panes, Rect } from '../model/panes.js'

/**
 * The frame of the screen: which panes there are, and how they share its cells. Ink lays them out;
 * what stands in them is painted by `terminal/painter.ts`, row by row, for two reasons. Whatever Ink
 * renders it keeps for ever, and a decrypted text must be able to go; and a key should cost one row.
 */
export function App({
  frame,
  onLayout,
}: {
  readonly frame: Frame
  readonly onLayout: (panes: Panes) => void
}): ReactNode {
  const nodes = useRef(new Map<PaneName, DOMElement>())
  useLayoutEffect(() => {
    onLayout(Object.fromEntries([...nodes.current].map(([name, node]) => [name, rectOf(node)])))
  })
  const pane = (name: PaneName, size: { width?: number; height?: number; grow?: number }) => (
    <Box
      key={name}
      flexShrink={size.grow === undefined ? 0 : 1}
      {...(size.grow === undefined ? {} : { flexGrow: size.grow })}
      {...(size.width === undefined ? {} : { width: size.width })}
      {...(size.height === undefined ? {} : { height: size.height })}
      ref={(node: DOMElement | null) => {
        if (node === null) nodes.current.delete(name)
        else nodes.current.set(name, node)
      }}
    />
  )
  const { columns, rows, listColumns, hasChat, composerRows, completionRows } = frame
  const { noticeRows, hasOverlay } = frame
  if (frame.isTooSmall)
    return (
      <Box flexDirection="column" width={columns} height={rows}>
        {pane('too-small', { grow: 1 })}
      </Box>
    )
  if (frame.isLocked)
    return (
      <Box flexDirection="column" width={columns} height={rows}>
        {pane('lock', { grow: 1 })}
      </Box>
    )
  const isSplit = listColumns > 0 && listColumns < columns
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {pane('title', { height: 1 })}
      <Box flexGrow={1}>
        {listColumns > 0 && pane('list', isSplit ? { width: listColumns } : { grow: 1 })}
        {isSplit && pane('edge', { width: 1 })}
        {(hasChat || isSplit) && (
          <Box flexDirection="column" flexGrow={1}>
            {hasChat && pane('header', { height: 1 })}
            {pane('timeline', { grow: 1 })}
            {hasChat && noticeRows > 0 && pane('notice', { height: noticeRows })}
            {hasChat && pane('composer', { height: composerRows })}
          </Box>
        )}
      </Box>
      {pane('status', { height: 1 })}
      {hasChat && completionRows > 0 && (
        <Box
          position="absolute"
          flexDirection="column"
          justifyContent="flex-end"
          width={columns}
          height={rows}
          paddingLeft={isSplit ? listColumns + 1 : 0}
          paddingBottom={composerRows + 1}
        >
          {pane('completion', { height: completionRows })}
        </Box>
      )}
      {hasOverlay && (
        <Box
          position="absolute"
          flexDirection="column"
          width={columns}
          height={rows - 1}
          paddingTop={1}
        >
          {pane('overlay', { grow: 1 })}
        </Box>
      )}
    </Box>
  )
}

/** Where a node is on the screen: its place in its parent, and theirs. */
function rectOf(node: DOMElement): Rect {
  let x = 0
  let y = 0
  for (let each: DOMElement | undefined = node; each !== undefined; each = each.parentNode) {
    x += each.yogaNode?.getComputedLeft() ?? 0
    y += each.yogaNode?.getComputedTop() ?? 0
  }
  const width = node.yogaNode?.getComputedWidth() ?? 0
  const height = node.yogaNode?.getComputedHeight() ?? 0
  return { x, y, width, height }
}
