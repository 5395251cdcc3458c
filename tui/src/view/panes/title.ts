import { unreadConversations } from '../../model/list.js'
import { twoSided } from '../../rows/plain-row.js'
import type { Span } from '../../rows/row.js'
import type { Pane } from './pane.js'

/** The account, and how the relay is reached. */
export const titlePane: Pane = (state, { look, surface }) => {
  const { words } = surface
  const { link, account, nowMs } = state
  const unread = unreadConversations(state)
  const left: Span[] = [
    { text: ' sotto ', role: 'heading' },
    { text: ` ${account.username ?? account.id}`, role: 'dim' },
  ]
  if (unread > 0)
    left.push({ text: `  ${words.screen.unreadConversations(unread)}`, role: 'badge' })
  const right: Span[] = []
  if (link.queued > 0) right.push({ text: `${words.screen.queued(link.queued)}  `, role: 'warn' })
  if (link.state !== 'online') {
    const role = link.state === 'offline' ? 'bad' : 'warn'
    const seconds = link.retryMs === undefined ? 0 : Math.ceil((link.retryMs - nowMs) / 1000)
    const retry = seconds > 0 ? ` - ${words.screen.retryIn(seconds)}` : ''
    right.push({ text: `${words.connection[link.state]}${retry} `, role })
  }
  return { rows: [twoSided(left, right, look)] }
}
