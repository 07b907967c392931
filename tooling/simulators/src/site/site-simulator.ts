import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { quirkAnswer, quirkLinks, refusal } from './quirks.ts'
import { loginHtml, notFoundHtml, renderPage } from './render-page.ts'
import { SiteFaults } from './site-faults.ts'
import type { SiteFault } from './site-faults.ts'
import type { SiteBehaviour } from './site-options.ts'
import { PLAIN_SITE } from './site-options.ts'
import { sitemapFile } from './sitemap.ts'
import { SiteWorld } from './site-world.ts'
import { httpDate, isFresh, validatorsOf } from './validators.ts'

/** One request as the server saw it. */
export interface SiteRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** When it arrived, in milliseconds of a clock that only goes forward. */
  readonly at: number
  /** Requests under way when it arrived, itself included. */
  readonly active: number
  /** It asked with a validator. */
  readonly conditional: boolean
  readonly userAgent: string
  readonly headers: IncomingMessage['headers']
  /** 0 when the connection was cut without an answer. */
  status: number
  /** Bytes of the body as sent. */
  bytes: number
}

/** Serves what a path prefix stands for, instead of the world: hostile things. */
export type SiteHandler = (request: IncomingMessage, response: ServerResponse, url: URL) => void

/** How a simulated site is started. */
export interface SiteSimulatorOptions extends Partial<SiteBehaviour> {
  /** 0 (the default) takes a free one. */
  readonly port?: number
  /** Milliseconds since the epoch; the site's `Date`, and the times of its edits. Default `Date.now`. */
  readonly now?: () => number
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** A documentation site on loopback HTTP, with quirks and faults, and a record of everything it was asked for. */
export class SiteSimulator {
  readonly world: SiteWorld
  readonly faults = new SiteFaults()
  /** How it behaves; may be changed at any time. */
  readonly behaviour: SiteBehaviour
  readonly requests: SiteRequest[] = []
  readonly #server: Server
  readonly #handlers: { readonly prefix: string; readonly handler: SiteHandler }[] = []
  readonly #now: () => number
  #active = 0
  #port = 0

  private constructor({ port: _port, now = Date.now, ...behaviour }: SiteSimulatorOptions) {
    this.#now = now
    this.world = new SiteWorld(now)
    this.behaviour = { ...PLAIN_SITE, ...behaviour }
    this.#server = createServer((request, response) => this.#receive(request, response))
  }

  static async start(options: SiteSimulatorOptions = {}): Promise<SiteSimulator> {
    const simulator = new SiteSimulator(options)
    await new Promise<void>((resolve, reject) => {
      simulator.#server.once('error', reject)
      simulator.#server.listen(options.port ?? 0, '127.0.0.1', resolve)
    })
    simulator.#port = (simulator.#server.address() as AddressInfo).port
    return simulator
  }

  /** The origin, without a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Answers with whole bodies since the record was cleared. */
  get bodiesSent(): number {
    return this.requests.filter(({ status }) => status === 200).length
  }

  get notModified(): number {
    return this.requests.filter(({ status }) => status === 304).length
  }

  /** Most requests under way at once. */
  get mostAtOnce(): number {
    return this.requests.reduce((most, { active }) => Math.max(most, active), 0)
  }

  /** Forgets the requests so far. */
  forget(): void {
    this.requests.length = 0
  }

  /** Everything below a prefix is answered by a function. */
  handle(prefix: string, handler: SiteHandler): void {
    this.#handlers.push({ prefix, handler })
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    this.#active += 1
    const record: SiteRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      at: performance.now(),
      active: this.#active,
      conditional: request.headers['if-none-match'] !== undefined || request.headers['if-modified-since'] !== undefined,
      userAgent: request.headers['user-agent'] ?? '',
      headers: request.headers,
      status: 0,
      bytes: 0,
    }
    this.requests.push(record)
    response.once('close', () => (this.#active -= 1))
    request.resume()
    const url = new URL(record.path, this.url)
    const handler = this.#handlers.find(({ prefix }) => url.pathname.startsWith(prefix))
    if (handler !== undefined) {
      response.once('close', () => (record.status = response.statusCode))
      handler.handler(request, response, url)
      return
    }
    if (this.faults.guard?.(request) === false) {
      this.#send(request, response, record, { ...page(401, 'Sign in to read this.'), headers: { 'content-type': 'text/html', 'www-authenticate': 'Basic realm="docs"' } }, undefined)
      return
    }
    const fault = this.faults.take(url.pathname)
    const send = (): void => this.#send(request, response, record, (fault?.kind === 'refuse' ? refusal(fault.how, url, request) : faultyAnswer(fault, this.behaviour)) ?? this.#answer(request, url), fault)
    if (this.behaviour.latencyMs > 0) setTimeout(send, this.behaviour.latencyMs)
    else send()
  }

  #answer(request: IncomingMessage, url: URL): Answer {
    if (request.method !== 'GET' && request.method !== 'HEAD') return page(405, 'Only reading is possible here.')
    const path = decoded(url.pathname)
    if (path === '/robots.txt') return this.#robots()
    const quirk = quirkAnswer(request, url, path, this.world, this.behaviour)
    if (quirk !== undefined) return quirk
    const sitemap = sitemapFile(path, this.url, this.world, this.behaviour)
    if (sitemap !== undefined) return { status: 200, headers: { 'content-type': sitemap.contentType }, body: sitemap.body }
    const resource = this.world.at(path)
    if (resource?.kind === 'redirect') return { ...page(resource.status, 'Moved.'), headers: { location: encodeURI(resource.to), 'content-type': 'text/html' } }
    if (resource?.kind === 'gone') return page(410, 'This page is gone for good.')
    if (resource === undefined) return this.#notFound()
    return this.#page(request, resource.page.path)
  }

  #page(request: IncomingMessage, path: string): Answer {
    const { world, behaviour } = this
    const stored = world.page(path)
    const build = behaviour.churn === 'none' ? 1 : world.build
    const { siteTitle } = behaviour
    const around = { siteTitle, build, behaviour, extraLinks: quirkLinks(stored, world, behaviour) }
    const lasting = renderPage(stored, { ...around, token: undefined })
    const token = behaviour.churn === 'request' ? this.#token() : undefined
    const { body, contentType } = token === undefined ? lasting : renderPage(stored, { ...around, token })
    const changedAt = behaviour.churn === 'none' ? stored.editedAt : Math.max(stored.editedAt, world.builtAt)
    const validators = validatorsOf(behaviour, body, lasting.body, changedAt, this.#now(), this.requests.length)
    const headers = {
      'content-type': contentType,
      ...(validators.etag !== undefined && { etag: validators.etag }),
      ...(validators.lastModified !== undefined && { 'last-modified': validators.lastModified }),
    }
    const since = request.headers['if-modified-since']
    if (isFresh(validators, request.headers['if-none-match'], since)) return { status: 304, headers, body: Buffer.alloc(0) }
    return { status: 200, headers, body }
  }

  #notFound(): Answer {
    const token = this.behaviour.churn === 'request' ? this.#token() : undefined
    const body = Buffer.from(notFoundHtml(this.behaviour.siteTitle, token))
    return { status: this.behaviour.softNotFound ? 200 : 404, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
  }

  #robots(): Answer {
    const { robots, sitemap } = this.behaviour
    if (robots === 'off') return page(404, 'There is no robots.txt here.')
    const lines = [
      'User-agent: *',
      ...(robots.disallow ?? []).map((path) => `Disallow: ${path}`),
      ...(robots.crawlDelay === undefined ? [] : [`Crawl-delay: ${robots.crawlDelay}`]),
      ...(robots.sitemap === true && sitemap !== 'off' ? ['', `Sitemap: ${sitemap === 'elsewhere' ? this.url.replace('127.0.0.1', 'localhost') : this.url}/sitemap.xml`] : []),
    ]
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(robots.text ?? `${lines.join('\n')}\n`) }
  }

  #token(): string {
    return (this.requests.length * 2_654_435_761 % 4_294_967_296).toString(36)
  }

  #send(request: IncomingMessage, response: ServerResponse, record: SiteRequest, answer: Answer, fault: SiteFault | undefined): void {
    if (fault?.kind === 'drop') return void request.socket.destroy()
    if (fault?.kind === 'hang' && fault.when === 'headers') return
    record.status = answer.status
    const compressed = this.behaviour.compress && answer.headers['content-encoding'] === undefined && answer.body.length > 0 && /gzip/.test(String(request.headers['accept-encoding'] ?? ''))
    const whole = compressed ? gzipSync(answer.body) : answer.body
    const cut = fault?.kind === 'truncate' && whole.length > 1 && answer.status === 200
    const silent = cut && fault.how === 'silent'
    const body = silent ? halfOf(answer.body, compressed) : whole
    const headers = { date: httpDate(this.#now()), ...answer.headers, ...(compressed && { 'content-encoding': 'gzip', vary: 'accept-encoding' }) }
    const chunked = cut && fault.how === 'chunked'
    const empty = answer.status === 304
    response.writeHead(answer.status, { ...headers, ...(!chunked && !empty && { 'content-length': String(body.length) }) })
    if (fault?.kind === 'hang') return void response.write(body.subarray(0, 20))
    if (cut && !silent) return void response.write(body.subarray(0, body.length >> 1), () => request.socket.destroy())
    if (request.method !== 'HEAD' && !empty) record.bytes = body.length
    response.end(request.method === 'HEAD' || empty ? undefined : body)
  }
}

function halfOf(body: Buffer, compressed: boolean): Buffer {
  const half = body.subarray(0, body.length >> 1)
  return compressed ? gzipSync(half) : half
}

function faultyAnswer(fault: SiteFault | undefined, { siteTitle }: SiteBehaviour): Answer | undefined {
  if (fault?.kind === 'login') return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: Buffer.from(loginHtml(siteTitle)) }
  if (fault?.kind !== 'status') return undefined
  const answer = page(fault.status, `This request ends with ${fault.status}.`)
  return fault.retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': fault.retryAfter } }
}

function page(status: number, text: string): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: Buffer.from(`<!DOCTYPE html><title>${status}</title><p>${text}</p>\n`) }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
