import { randomInt } from 'node:crypto'
import { join } from 'node:path'

import { createAccount, openClient, type Client } from '@sotto/client-core'
import { colorDepth, openScreen } from '@sotto/tui/screen'

import type { InputStream, OutputStream } from '../world.js'
import { runEchoBot } from './echo-bot.js'
import { startRelay } from './programs.js'

const ADJECTIVES = ['quiet', 'amber', 'brisk', 'gentle', 'lucid', 'mellow', 'nimble', 'sunny']
const ANIMALS = ['otter', 'heron', 'lynx', 'marten', 'plover', 'robin', 'tapir', 'vole']
const STDOUT = 1
const HELLO = 'Hello! I am a bot and repeat what you write. Everything between us is sealed.'

export interface ConversationOptions {
  readonly dir: string
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly color: boolean
  readonly signal: AbortSignal
}

/** A private relay, an echo bot and a new account, whose screen opens with a message waiting. */
export async function holdConversation(options: ConversationOptions): Promise<number> {
  const { dir, stdin, stdout, color, signal } = options
  const open: (() => Promise<void>)[] = []
  try {
    const relay = await startRelay(join(dir, 'relay'))
    open.push(() => relay.stop())
    signal.throwIfAborted()
    const enter = async (folder: string, username: string, acceptEveryone: boolean) => {
      const client = await openAccount(join(dir, folder), relay.url, username, acceptEveryone)
      open.push(() => client.close())
      return client
    }
    const bot = await enter('bot', `echo.${String(randomInt(10, 1000))}`, true)
    const me = await enter('me', newUsername(), false)
    const contact = await me.call('contact.add', { to: addressOf(bot) })
    await greet(bot, me)
    const echoing = runEchoBot(bot, signal)
    echoing.catch(() => undefined) // It ends with its client.
    stdout.write(
      `A private relay listens at ${relay.url}. You are ${addressOf(me)}; a bot waits.\n`,
    )
    await openScreen({
      ...{ client: me, signal, nowMs: Date.now, conversation: contact.conversation.id },
      terminal: { input: stdin, output: stdout, outputFd: STDOUT },
      colors: color ? colorDepth(process.env) : 'none',
    })
    signal.throwIfAborted()
    return 0
  } finally {
    for (const close of open.reverse()) await close()
  }
}

async function openAccount(
  dataDir: string,
  relay: string,
  username: string,
  acceptEveryone: boolean,
): Promise<Client> {
  await createAccount({ home: { dataDir }, relay, username })
  return openClient({ home: { dataDir }, acceptEveryone })
}

/** The bot writes first, and its message is here when the chat opens. */
async function greet(bot: Client, me: Client): Promise<void> {
  await bot.call('relay.connect', { timeoutMs: 10_000 })
  await bot.call('message.send', { to: [addressOf(me)], text: HELLO })
  await me.call('relay.connect', { timeoutMs: 10_000 })
  await me.call('relay.catchUp', {})
}

function addressOf({ account }: Client): string {
  return `@${account.username ?? ''}`
}

function newUsername(): string {
  const pick = (words: readonly string[]) => words[randomInt(words.length)] ?? 'someone'
  return `${pick(ADJECTIVES)}_${pick(ANIMALS)}.${String(randomInt(10, 100))}`
}
