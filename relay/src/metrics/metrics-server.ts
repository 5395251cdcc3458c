import { createServer, type Server } from 'node:http'
import { bind, type ListenAddress } from '../http/listening.js'

const CONNECTIONS_MAX = 16
const TEXT = 'text/plain; version=0.0.4; charset=utf-8'

/** `GET /metrics` at an address of its own, where clients never come. */
export class MetricsServer {
  /** `http://host:port/metrics` */
  readonly url: string
  readonly #server: Server

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
  }

  /** Throws a ConfigError where it cannot listen there. */
  static async listen(at: ListenAddress, text: () => Promise<string>): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      const isAsked = request.method === 'GET' && request.url === '/metrics'
      if (!isAsked) {
        response.writeHead(404).end()
        return
      }
      text().then(
        (body) => response.writeHead(200, { 'Content-Type': TEXT }).end(body),
        () => response.writeHead(500).end(),
      )
    })
    server.maxConnections = CONNECTIONS_MAX
    return new MetricsServer(server, `http://${await bind(server, at)}/metrics`)
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
