/** What of a conversation a person is told of: everything, what names them, or nothing. */
export const NOTIFY_RULES = ['all', 'mentions', 'none'] as const
export type NotifyRule = (typeof NOTIFY_RULES)[number]
