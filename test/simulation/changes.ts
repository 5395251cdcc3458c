import type { MessageId } from '@sotto/protocol'
import type { ClientHost } from './client-host.js'
import type { Changeable, Sending } from './history.js'
import type { Prng } from './prng.js'
import type { Scheduler } from './scheduler.js'

/** What the changes of a world need of it. */
export interface ChangedWorld {
  readonly scheduler: Scheduler
  clientNamed(name: string): ClientHost
  ask(sending: Sending): Promise<MessageId | undefined>
}

/** So many of the last are changed: what is on its way more than what has arrived long ago. */
const RECENT = 8
type Known = Changeable & { message: MessageId }

function isKnown(changed: Changeable): changed is Known {
  return changed.message !== undefined
}

const EMOJI = ['👍', '❤️', '🎉', '👀', '']

/** Messages of a world that are changed, apart from those that are looked for by their texts. */
export class Changes {
  readonly all: Changeable[] = []
  readonly #world: ChangedWorld
  readonly #tail: string
  #edits = 0

  constructor(world: ChangedWorld, tail: string) {
    this.#world = world
    this.#tail = tail
  }

  write(from: ClientHost, to: ClientHost): Changeable {
    const number = this.all.length + 1
    const text = this.#textOf(number, 0)
    const changeable: Changeable = {
      ...{ number, text, from: from.name, to: to.name, id: `changed-${String(number)}` },
      ...{ state: 'asked', askedMs: this.#world.scheduler.nowMs },
      ...{ message: undefined, wish: undefined },
    }
    this.all.push(changeable)
    void this.#ask(changeable)
    return changeable
  }

  repeatUnanswered(): void {
    for (const each of this.all) if (each.state === 'asked') void this.#ask(each)
  }

  /** Undefined where there is none that anybody could change. */
  any(random: Prng): Known | undefined {
    const known = this.all.filter(isKnown)
    return known.length === 0 ? undefined : random.pick(known.slice(-RECENT))
  }

  edit(changed: Known): string {
    const text = this.#textOf(changed.number, (this.#edits += 1))
    void this.#wish(changed, text)
    return text
  }

  delete(changed: Known): void {
    void this.#wish(changed, null)
  }

  /** By its author or its recipient. */
  react(changed: Known, random: Prng): string {
    const by = this.#world.clientNamed(random.pick([changed.from, changed.to]))
    const emoji = random.pick(EMOJI)
    const { message } = changed
    if (emoji === '') void by.call('message.unreact', { message, wait: 'queued' })
    else void by.call('message.react', { message, emoji, wait: 'queued' })
    return `${by.name} ${emoji === '' ? 'takes theirs back' : emoji}`
  }

  async #wish(changed: Known, text: string | null): Promise<void> {
    const wish = { text, isGranted: false }
    const isOver = changed.wish?.text === null
    if (!isOver) changed.wish = wish
    const { message } = changed
    const author = this.#world.clientNamed(changed.from)
    const outcome =
      text === null
        ? await author.call('message.delete', { message, everyone: true, wait: 'queued' })
        : await author.call('message.edit', { message, text, wait: 'queued' })
    wish.isGranted = outcome.kind === 'answered'
  }

  async #ask(changeable: Changeable): Promise<void> {
    changeable.message = (await this.#world.ask(changeable)) ?? changeable.message
  }

  #textOf(number: number, edit: number): string {
    const what = edit === 0 ? '' : `, as of ${String(edit)}`
    return `what may change ${String(number)}${what}, ${this.#tail}`
  }
}
