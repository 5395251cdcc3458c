import type { Socket } from 'node:net'

// XMPP (RFC 6120, 6121) with stream management (XEP-0198), as much of it as a load needs.

const SM = 'urn:xmpp:sm:3'
const DOMAIN = 'localhost'
export const PASSWORD = 'benchmark'

/** One client that is logged in. What is sent to it is handled as it comes, and told so. */
export class XmppClient {
  readonly #socket: Socket
  readonly #onMessage: (body: Buffer) => void
  readonly #unaccepted: (() => void)[] = []
  #accepted = 0
  #received = 0
  #unread = ''
  #next: ((element: string) => void) | undefined

  private constructor(socket: Socket, onMessage: (body: Buffer) => void) {
    this.#socket = socket
    this.#onMessage = onMessage
    socket.setEncoding('latin1')
    socket.on('data', (text) => this.#read(String(text)))
    socket.on('error', () => socket.destroy())
  }

  /** Logs in; `isPresent` clients are sent what came while they were away, and what comes. */
  static async login(
    socket: Socket,
    options: {
      readonly name: string
      readonly isPresent: boolean
      readonly onMessage?: (body: Buffer) => void
    },
  ): Promise<XmppClient> {
    const { name, isPresent, onMessage = () => undefined } = options
    const client = new XmppClient(socket, onMessage)
    const plain = Buffer.from(`\0${name}\0${PASSWORD}`).toString('base64')
    await client.#ask(OPEN, 'stream:features')
    await client.#ask(`<auth xmlns='${SASL}' mechanism='PLAIN'>${plain}</auth>`, 'success')
    await client.#ask(OPEN, 'stream:features')
    await client.#ask(`<iq type='set' id='bind'><bind xmlns='${BIND}'/></iq>`, 'iq')
    await client.#ask(`<enable xmlns='${SM}'/>`, 'enabled')
    if (isPresent) client.#send('<presence/>')
    return client
  }

  /** Calls `accepted` when the server says that it has handled the message. */
  message(to: string, body: Buffer, accepted: () => void): void {
    this.#unaccepted.push(accepted)
    const text = body.toString('base64')
    this.#send(
      `<message to='${to}@${DOMAIN}' type='chat'><body>${text}</body></message><r xmlns='${SM}'/>`,
    )
  }

  close(): void {
    this.#socket.end('</stream:stream>')
  }

  #ask(text: string, wanted: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = (): void => reject(new Error(`the server ended the connection at ${wanted}`))
      this.#socket.once('close', over)
      this.#next = (element) => {
        this.#socket.off('close', over)
        if (nameOf(element) === wanted) resolve()
        else reject(new Error(`the server answered ${element} and not ${wanted}`))
      }
      this.#send(text)
    })
  }

  #send(text: string): void {
    this.#socket.write(text, 'latin1')
  }

  #read(text: string): void {
    this.#unread += text
    let at = 0
    for (;;) {
      const end = elementEnd(this.#unread, at)
      if (end === undefined) break
      this.#take(this.#unread.slice(at, end).trimStart())
      at = end
    }
    this.#unread = this.#unread.slice(at)
  }

  #take(element: string): void {
    const name = nameOf(element)
    switch (name) {
      case '?xml':
      case 'stream:stream':
        return
      case 'message':
        this.#received++
        this.#deliver(element)
        return
      case 'presence':
        this.#received++
        return
      case 'r':
        this.#send(`<a xmlns='${SM}' h='${this.#received}'/>`)
        return
      case 'a':
        this.#acceptUpTo(Number(/\bh=['"](\d+)['"]/.exec(element)?.[1]))
        return
      default: {
        if (name === 'iq' && this.#next === undefined) this.#received++
        const next = this.#next
        this.#next = undefined
        next?.(element)
      }
    }
  }

  #deliver(element: string): void {
    const begin = element.indexOf('<body>')
    if (begin === -1) return // A notification.
    const body = element.slice(begin + '<body>'.length, element.indexOf('</body>'))
    this.#onMessage(Buffer.from(body, 'base64'))
  }

  #acceptUpTo(count: number): void {
    for (; this.#accepted < count; this.#accepted++) this.#unaccepted.shift()?.()
  }
}

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl'
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind'
const STREAMS = 'http://etherx.jabber.org/streams'
const OPEN = `<?xml version='1.0'?><stream:stream to='${DOMAIN}' version='1.0' xmlns='jabber:client' xmlns:stream='${STREAMS}'>`

/**
 * Where the element that begins at `at` ends; undefined when not all of it is there. Enough for what
 * these servers send: none nests an element in one of the same name at the top of a stream.
 */
function elementEnd(text: string, at: number): number | undefined {
  const begin = text.indexOf('<', at)
  if (begin === -1) return undefined
  const headEnd = text.indexOf('>', begin)
  if (headEnd === -1) return undefined
  const name = nameOf(text.slice(begin, headEnd + 1))
  const isWhole = text[headEnd - 1] === '/' || /^[?/]|^stream:stream$/.test(name)
  if (isWhole) return headEnd + 1
  const tail = `</${name}>`
  const end = text.indexOf(tail, headEnd)
  return end === -1 ? undefined : end + tail.length
}

function nameOf(element: string): string {
  return /^<([^\s/>]+|\/[^\s>]+)/.exec(element)?.[1] ?? ''
}
