/** What the panes of the screen are called. */
export type PaneName =
  | 'title'
  | 'list'
  | 'edge'
  | 'header'
  | 'timeline'
  | 'notice'
  | 'composer'
  | 'completion'
  | 'status'
  | 'overlay'
  | 'lock'
  | 'too-small'

/** Cells, counted from 0. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where each pane is; one that is not shown is not in it. */
export type Panes = Readonly<Partial<Record<PaneName, Rect>>>
