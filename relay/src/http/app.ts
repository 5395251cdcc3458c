import type { IncomingMessage } from 'node:http'
import Router from '@koa/router'
import Koa from 'koa'
import type { Bytes } from '@sotto/protocol'
import type { Context } from '../context.js'
import { limitsObject } from '../limits/limits-object.js'
import { originOf, type Proxies } from '../limits/network-address.js'
import type { Readiness } from '../limits/pressure.js'
import { postAccount } from './accounts.js'
import { readBody } from './body.js'
import { LANDING_HEADERS, landingPage } from './landing.js'

export interface AppOptions {
  readonly context: Context
  readonly trustedProxies: Proxies
  /** Not ready while the relay drains or has too much to do for more clients. */
  readonly readiness: () => Readiness
}

const PROTOBUF = 'application/x-protobuf'

/** The HTTP half of the relay: what needs no connection of its own. */
export function createApp(options: AppOptions): Koa {
  const { context } = options
  const router = new Router()
  router.get('/', (http) => {
    for (const [name, value] of Object.entries(LANDING_HEADERS)) http.set(name, value)
    http.type = 'text/html'
    http.body = landingPage(context)
  })
  router.get('/healthz', (http) => answerText(http, 200, 'ok'))
  router.get('/readyz', (http) => {
    const { isReady, text } = options.readiness()
    answerText(http, isReady ? 200 : 503, text)
  })
  router.get('/v1/limits', (http) => {
    http.type = 'application/json'
    http.body = JSON.stringify(limitsObject(context))
  })
  router.get('/v1/parameters', (http) => answerBytes(http, 200, context.parameters))
  router.post('/v1/accounts', (http) => answerAccount(options, http))

  const app = new Koa()
  app.silent = true // Koa would print errors with addresses in them; answerOf has decided already.
  app.use(async (http, next) => {
    http.set('Cache-Control', 'no-store')
    http.set('X-Content-Type-Options', 'nosniff')
    await next()
  })
  app.use(router.routes())
  app.use(router.allowedMethods())
  return app
}

/** What of a Koa context a route needs. */
interface Http {
  readonly req: IncomingMessage
  status: number
  type: string
  body: unknown
  set(name: string, value: string): void
}

async function answerAccount({ context, trustedProxies }: AppOptions, http: Http): Promise<void> {
  const origin = originOf(http.req, trustedProxies)
  const { status, body, retryAfterS } = await postAccount(context, origin, () => readBody(http.req))
  if (retryAfterS > 0) http.set('Retry-After', String(retryAfterS))
  answerBytes(http, status, body)
}

function answerBytes(http: Http, status: number, bytes: Bytes): void {
  http.status = status
  http.type = PROTOBUF
  http.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

function answerText(http: Http, status: number, text: string): void {
  http.status = status
  http.type = 'text/plain'
  http.body = `${text}\n`
}
