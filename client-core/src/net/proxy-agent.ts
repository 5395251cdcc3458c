import { randomBytes } from 'node:crypto'
import type { Agent } from 'node:http'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { SocksProxyAgent } from 'socks-proxy-agent'
import { hex, UnavailableError, type ProxyUrl } from '@sotto/protocol'

/**
 * What one connection goes through. Each has its own, and at a SOCKS proxy without credentials its
 * own made-up ones: Tor gives each a circuit of its own (IsolateSOCKSAuth), so that the doors have
 * nothing in common on the way either. What goes wrong before the relay is reached is
 * `proxy/unreachable`, naming the proxy.
 */
export function proxyAgent(proxy: ProxyUrl): Agent {
  try {
    return proxy.scheme.startsWith('socks') ? new SocksAgent(proxy) : new ConnectAgent(proxy)
  } catch (cause) {
    // Its name is none that anything can have.
    throw proxyUnreachable(proxy.shown, new Error('ENOTFOUND', { cause }))
  }
}

const ISOLATION_BYTES = 8

class SocksAgent extends SocksProxyAgent {
  readonly #shown: string

  constructor(proxy: ProxyUrl) {
    const url = new URL(proxy.url)
    if (!proxy.hasCredentials) {
      url.username = 'sotto'
      url.password = hex(randomBytes(ISOLATION_BYTES))
    }
    super(url)
    this.#shown = proxy.shown
  }

  override async connect(...args: Parameters<SocksProxyAgent['connect']>) {
    try {
      return await super.connect(...args)
    } catch (cause) {
      throw proxyUnreachable(this.#shown, cause)
    }
  }
}

const OK = 200

class ConnectAgent extends HttpsProxyAgent<string> {
  readonly #shown: string

  constructor(proxy: ProxyUrl) {
    // Not in its URL, which the library prints where DEBUG is set.
    const { username, password } = new URL(proxy.url)
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
    super(proxy.shown, {
      headers: proxy.hasCredentials
        ? { 'Proxy-Authorization': `Basic ${Buffer.from(login).toString('base64')}` }
        : {},
    })
    this.#shown = proxy.shown
  }

  override async connect(...args: Parameters<HttpsProxyAgent<string>['connect']>) {
    let status = OK
    this.once('proxyConnect', (answer: { readonly statusCode: number }) => {
      status = answer.statusCode
    })
    try {
      const socket = await super.connect(...args)
      if (status === OK) return socket
      socket.destroy()
    } catch (cause) {
      throw proxyUnreachable(this.#shown, cause)
    }
    throw proxyUnreachable(this.#shown, new Error(`it answered HTTP ${String(status)}`))
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  ETIMEDOUT: 'timed out',
}

function proxyUnreachable(shown: string, cause: unknown): UnavailableError {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  // What these libraries say names the fault and no login; a code of the system may be in the midst.
  const code = /\bE[A-Z_]{3,}\b/.exec(error.message)?.[0] ?? ''
  const words = REFUSED[code] ?? (code === '' ? error.message : code)
  return new UnavailableError('proxy/unreachable', `the proxy ${shown} does not help: ${words}`, {
    cause,
    fix: 'See whether it runs and lets you in; sotto config list --origin says who chose it.',
  })
}
