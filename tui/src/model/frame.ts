import { layout, VISIBLE_ROWS_MAX } from '../composer/layout.js'
import { POPUP_ROWS_MAX, popupOf } from './completing.js'
import { isSplit, isTooSmall, openChat, type Size, type UiState } from './state.js'
import type { Surface } from './surface.js'

/** All that decides where the panes are. Equal frames are laid out alike. */
export interface Frame extends Size {
  readonly isTooSmall: boolean
  /** 0: the list is not shown. */
  readonly listColumns: number
  readonly hasChat: boolean
  readonly composerRows: number
  /** Of the list above the composer; it stands over the timeline. */
  readonly completionRows: number
  readonly noticeRows: number
  readonly hasOverlay: boolean
  /** Nothing else is shown. */
  readonly isLocked: boolean
}

/** What stands in front of the first row of a draft. */
export const PROMPT = '> '
/** A screen as wide as this has a wider list. */
const WIDE_COLUMNS = 120
const LIST_COLUMNS = { narrow: 24, wide: 32 }

export function frameOf(
  state: UiState,
  surface: Surface,
  /** How high the notice is, so many columns wide. */
  noticeRows: (columns: number) => number,
): Frame {
  const { columns, rows } = state.size
  const split = isSplit(state)
  const chat = openChat(state)
  const hasChat = chat !== undefined && (split || state.focus !== 'list')
  const wide = columns >= WIDE_COLUMNS ? LIST_COLUMNS.wide : LIST_COLUMNS.narrow
  const listColumns = split ? wide : hasChat ? 0 : columns
  const ofChat = chatColumns(columns, listColumns)
  return {
    ...{ columns, rows, listColumns, hasChat },
    isTooSmall: isTooSmall(state),
    composerRows: hasChat ? composerRowsOf(state, surface, ofChat) : 0,
    noticeRows: hasChat ? noticeRows(ofChat) : 0,
    completionRows: Math.min(POPUP_ROWS_MAX, popupOf(state)?.choices.length ?? 0, rows - 6),
    hasOverlay: state.overlays.length > 0,
    isLocked: state.lock !== undefined,
  }
}

export function isSameFrame(a: Frame, b: Frame): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function chatColumns(columns: number, listColumns: number): number {
  return listColumns === 0 ? columns : columns - listColumns - 1
}

/** With the line above it that says what is answered or edited. */
function composerRowsOf(state: UiState, { look }: Surface, columns: number): number {
  const chat = openChat(state)
  if (chat === undefined) return 0
  if (chat.search !== undefined) return 1
  const { rows } = layout(chat.composer.draft, columns - PROMPT.length, look(columns).widths.of, {
    rowsMax: Math.min(VISIBLE_ROWS_MAX, Math.max(1, Math.floor(state.size.rows / 3))),
  })
  const hasHead = chat.replyTo !== undefined || chat.editing !== undefined
  return rows.length + (hasHead ? 1 : 0)
}
