/** What stands together in the palette, in the order in which it does where nothing is typed. */
export const DESTINATION_GROUPS = [
  ...(['recent', 'conversations', 'contacts', 'commands', 'settings'] as const),
]
export type DestinationGroup = (typeof DESTINATION_GROUPS)[number]
