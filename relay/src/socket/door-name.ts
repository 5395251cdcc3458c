/** The two ways into a relay. */
export type DoorName = 'identified' | 'anonymous'
