import { FirstRunLink, isWork, type FirstRunServices } from '../app/first-run-link.js'
import type { FirstRunAction } from '../model/first-run/action.js'
import { pageOf, STEPS, type FirstRunPage } from '../model/first-run/page.js'
import {
  firstRunState,
  writtenIn,
  type ChosenRelay,
  type FirstRun,
  type FirstRunOptions,
} from '../model/first-run/state.js'
import { updateFirstRun } from '../model/first-run/update.js'
import { safeLine } from '../text/safe-text.js'
import { FIRST_RUN_ENGLISH } from '../words/first-run-en.js'

export interface FirstRunLinesOptions extends Omit<FirstRunOptions, 'size'> {
  readonly services: FirstRunServices
  readonly print: (line: string) => void
  /** What is typed until the line ends; undefined: there is nobody. Throws at a signal. */
  readonly ask: (question: string) => Promise<string | undefined>
  /** The same, and nothing of it is shown; undefined where nothing was typed. */
  readonly askSecret: (question: string) => Promise<Uint8Array | undefined>
}

/** Nobody sees where in it they are: one size is as good as another. */
const SIZE = { columns: 80, rows: 24 }
/** No more answers than these: then somebody is better helped by the documents. */
const ANSWERS_MAX = 60

/** The same first run for terminals that can only add lines, and for whoever has them read aloud. */
export async function askFirstRun(options: FirstRunLinesOptions): Promise<ChosenRelay | undefined> {
  const lines = new FirstRunLines(options)
  try {
    return await lines.run()
  } finally {
    lines.close()
  }
}

class FirstRunLines {
  readonly #options: FirstRunLinesOptions
  readonly #link: FirstRunLink
  #state: FirstRun
  #made: ChosenRelay | undefined
  #changed: () => void = () => undefined
  /** What was printed last of what is told: it is not told twice. */
  #told: readonly string[] = []

  constructor(options: FirstRunLinesOptions) {
    this.#options = options
    this.#state = firstRunState({ ...options, size: SIZE })
    this.#link = new FirstRunLink(options.services, (action) => this.#take(action))
  }

  async run(): Promise<ChosenRelay | undefined> {
    const { title, lines } = FIRST_RUN_ENGLISH
    this.#print(`${title}. ${lines.begin}`)
    let shown: FirstRunPage | undefined
    for (let answers = 0; answers < ANSWERS_MAX; answers++) {
      await this.#settled()
      if (this.#made !== undefined) return this.#made
      const page = this.#page()
      if (page.number !== shown?.number || page.heading !== shown.heading) this.#begin(page)
      else this.#tell(page)
      shown = page
      if (!(await this.#answered(page))) return undefined
    }
    return undefined
  }

  close(): void {
    this.#link.close()
  }

  #page(): FirstRunPage {
    return pageOf(this.#state, FIRST_RUN_ENGLISH, this.#options.services.relayFolder)
  }

  #begin(page: FirstRunPage): void {
    const { number, heading, why, choices } = page
    this.#print('')
    this.#print(`${FIRST_RUN_ENGLISH.stepOf(number, STEPS)}  ${heading}`)
    this.#print(`   ${why}`)
    choices.forEach(({ label, help }, at) => {
      this.#print(`   ${String(at + 1)}  ${label}: ${help}`)
    })
    this.#told = []
    this.#tell(page)
    const offered = this.#offered(choices)
    if (offered !== '') this.#print(`   ${FIRST_RUN_ENGLISH.lines.offered(offered)}`)
  }

  /** What an empty line stands for. */
  #offered(choices: FirstRunPage['choices']): string {
    const { step, relay, code, username } = this.#state
    const label = choices.find(({ isChosen }) => isChosen)?.label ?? ''
    switch (step) {
      case 'relay':
        return relay.which === 'private' ? label : writtenIn(relay)
      case 'code':
        return writtenIn(code)
      case 'username':
        return writtenIn(username)
      case 'key':
        return label
      case 'passphrase':
        return ''
    }
  }

  #tell({ told }: FirstRunPage): void {
    const lines = told.map(({ text }) => text)
    for (const text of lines) if (!this.#told.includes(text)) this.#print(`   ${text}`)
    this.#told = lines
  }

  /** False where nobody answers. */
  async #answered({ field, choices }: FirstRunPage): Promise<boolean> {
    if (field?.isBlind === true) {
      const secret = await this.#options.askSecret(field.prompt)
      if (secret !== undefined) this.#link.type(secret)
      secret?.fill(0)
      this.#take({ kind: 'line', text: '' })
      return true
    }
    const prompt = field?.prompt ?? (choices.length > 0 ? FIRST_RUN_ENGLISH.lines.choose : '> ')
    const text = await this.#options.ask(prompt)
    if (text === undefined) return false
    this.#take({ kind: 'line', text })
    return true
  }

  /** Until nothing is waited for: an answer, or where the key would rest. */
  async #settled(): Promise<void> {
    const isUnsettled = (): boolean =>
      this.#made === undefined &&
      (this.#state.asked.state === 'waiting' ||
        (this.#state.step === 'key' && this.#state.key.place === undefined))
    if (!isUnsettled()) return
    this.#tell(this.#page())
    while (isUnsettled()) await new Promise<void>((resolve) => (this.#changed = resolve))
  }

  #take(action: FirstRunAction): void {
    const { state, effects } = updateFirstRun(this.#state, action)
    this.#state = state
    for (const effect of effects) {
      if (isWork(effect)) this.#link.run(effect)
      else if (effect.kind === 'done') this.#made = effect.relay // The rest is for keys.
    }
    this.#changed()
  }

  #print(text: string): void {
    this.#options.print(safeLine(text))
  }
}
