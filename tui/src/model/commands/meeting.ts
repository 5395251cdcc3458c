import { listInvites, makeInvite } from '../overlays/invites.js'
import { meet } from '../overlays/meet.js'
import type { Command } from '../surface.js'

/** How people come to know each other. */
export const meetingCommands = {
  'conversation.new': { slash: 'new', run: (state, { args }) => meet(state, args) },
  'invite.accept': { slash: 'join', run: (state, { args }) => meet(state, args) },
  'invite.create': { slash: 'invite', run: makeInvite },
  'invite.list': { slash: 'invites', run: listInvites },
} satisfies Record<string, Command>
