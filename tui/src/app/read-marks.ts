/** While messages pour in, each mark is a commit to the disk: one conversation has one so often. */
const AGAIN_MS = 1_000

/**
 * What was read is marked at once, and what is read soon after that all together. If we die meanwhile,
 * what came in that second is unread again.
 */
export class ReadMarks {
  readonly #mark: (conversation: string) => void
  readonly #againMs: number
  /** Conversations that were marked a moment ago, and whether there is more to mark. */
  readonly #recent = new Map<string, { readonly timer: NodeJS.Timeout; hasMore: boolean }>()

  constructor(mark: (conversation: string) => void, againMs = AGAIN_MS) {
    this.#mark = mark
    this.#againMs = againMs
  }

  mark(conversation: string): void {
    const recent = this.#recent.get(conversation)
    if (recent !== undefined) {
      recent.hasMore = true
      return
    }
    const timer = setTimeout(() => this.#again(conversation), this.#againMs)
    this.#recent.set(conversation, { timer, hasMore: false })
    this.#mark(conversation)
  }

  /** What waits is marked now. */
  flush(): void {
    for (const [conversation, { timer, hasMore }] of this.#recent) {
      clearTimeout(timer)
      if (hasMore) this.#mark(conversation)
    }
    this.#recent.clear()
  }

  #again(conversation: string): void {
    const hadMore = this.#recent.get(conversation)?.hasMore === true
    this.#recent.delete(conversation)
    if (hadMore) this.mark(conversation)
  }
}
