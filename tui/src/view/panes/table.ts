import type { PaneName } from '../../model/panes.js'
import { completionPane } from './completion.js'
import { composerPane } from './composer.js'
import { edgePane } from './edge.js'
import { headerPane } from './header.js'
import { lockPane } from './lock.js'
import { listPane } from './list.js'
import { noticePane } from './notice.js'
import { overlayPane } from './overlay.js'
import type { Pane } from './pane.js'
import { statusPane } from './status.js'
import { timelinePane } from './timeline.js'
import { titlePane } from './title.js'
import { tooSmallPane } from './too-small.js'

/** Later ones stand over earlier ones. */
export const PANES: Readonly<Record<PaneName, Pane>> = {
  title: titlePane,
  list: listPane,
  edge: edgePane,
  header: headerPane,
  timeline: timelinePane,
  notice: noticePane,
  composer: composerPane,
  completion: completionPane,
  status: statusPane,
  overlay: overlayPane,
  lock: lockPane,
  'too-small': tooSmallPane,
}
