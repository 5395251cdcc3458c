/** A text, and which parts of it are shown as one. */
export interface Fragment {
  /** Well-formed; lines end with `\n`. All of it is sent, chips included. */
  readonly text: string
  /** In order, without overlap, none of them empty. */
  readonly chips: readonly Chip[]
}

/** A long paste, shown as `[pasted 84 lines]`: the cursor passes over it and erases it as one. */
export interface Chip extends Range {
  /** The person saw what is in it, and wants to send it. */
  readonly confirmed: boolean
}

export interface Range {
  readonly start: number
  readonly end: number
}
