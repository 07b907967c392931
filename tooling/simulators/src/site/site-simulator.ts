import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { type Answer, html } from '../base/answer.ts'
import { type RoutedCall, type ServerOptions, SimulatedServer } from '../base/simulated-server.ts'
import type { OwnFault } from './faults.ts'
import { type SiteBehaviour, PLAIN_SITE } from './quirks.ts'
import { quirkAnswer, quirkLinks, refusal } from './quirk-answers.ts'
import { loginHtml, notFoundHtml, renderPage } from './render-page.ts'
import { sitemapFile } from './sitemap.ts'
import { SiteWorld } from './site-world.ts'
import { isFresh, validatorsOf } from './validators.ts'

/** Serves what a path prefix stands for, instead of the world: hostile things. */
export type SiteHandler = (request: IncomingMessage, response: ServerResponse, url: URL) => void

/** How a simulated site is started. */
export interface SiteSimulatorOptions extends Partial<SiteBehaviour>, ServerOptions {}

type SiteCall = RoutedCall<undefined, OwnFault>

/** A documentation site with quirks, and a record of everything it was asked for. A request is counted by its path. */
export class SiteSimulator extends SimulatedServer<undefined, object, OwnFault> {
  readonly world: SiteWorld
  /** How it behaves; may be changed at any time. */
  readonly behaviour: SiteBehaviour
  /** Who is let in; the others are answered with 401. Absent: everybody. */
  guard: ((request: IncomingMessage) => boolean) | undefined
  readonly #handlers: { readonly prefix: string; readonly handler: SiteHandler }[] = []

  private constructor({ port, now, ...behaviour }: SiteSimulatorOptions) {
    super({ port, now, counters: {}, announcesLength: true })
    this.world = new SiteWorld(() => this.now())
    this.behaviour = { ...PLAIN_SITE, ...behaviour }
    this.byHand = (request, response, url) => {
      const found = this.#handlers.find(({ prefix }) => url.pathname.startsWith(prefix))
      found?.handler(request, response, url)
      return found !== undefined
    }
  }

  static start(options: SiteSimulatorOptions = {}): Promise<SiteSimulator> {
    return new SiteSimulator(options).listen()
  }

  /** Answers with whole bodies since the record was cleared. */
  get bodiesSent(): number {
    return this.seen.filter(({ status }) => status === 200).length
  }

  get notModified(): number {
    return this.seen.filter(({ status }) => status === 304).length
  }

  /** Everything below a prefix is answered by a function. */
  handle(prefix: string, handler: SiteHandler): void {
    this.#handlers.push({ prefix, handler })
  }

  protected override nameOf(_method: string, url: URL): string {
    return url.pathname
  }

  protected override before({ request }: SiteCall): Answer | undefined {
    return this.guard?.(request) === false ? { ...this.refused(401, 'Sign in to read this.'), headers: { 'www-authenticate': 'Basic realm="docs"' } } : undefined
  }

  protected override withFault({ how }: OwnFault, { url, request }: SiteCall): Answer {
    return refusal(how, url, request)
  }

  protected answer({ request, url }: SiteCall): Answer {
    return { ...this.#answer(request, url), afterMs: this.behaviour.latencyMs }
  }

  protected refused(status: number, text: string): Answer {
    return html(status, `<!DOCTYPE html><title>${status}</title><p>${text}</p>\n`)
  }

  protected override loginPage(): Answer {
    return html(200, loginHtml(this.behaviour.siteTitle))
  }

  protected override encoded(answer: Answer, request: IncomingMessage): Answer {
    const wanted = this.behaviour.compress && answer.headers?.['content-encoding'] === undefined && answer.body.length > 0 && /gzip/.test(String(request.headers['accept-encoding'] ?? ''))
    return wanted ? { ...answer, body: gzipSync(answer.body), headers: { ...answer.headers, 'content-encoding': 'gzip', vary: 'accept-encoding' } } : answer
  }

  #answer(request: IncomingMessage, url: URL): Answer {
    if (request.method !== 'GET' && request.method !== 'HEAD') return this.refused(405, 'Only reading is possible here.')
    const path = decoded(url.pathname)
    if (path === '/robots.txt') return this.#robots()
    const quirk = quirkAnswer(request, url, path, this.world, this.behaviour)
    if (quirk !== undefined) return quirk
    const sitemap = sitemapFile(path, this.url, this.world, this.behaviour)
    if (sitemap !== undefined) return { status: 200, ...sitemap }
    const resource = this.world.at(path)
    if (resource?.kind === 'redirect') return html(resource.status, '<p>Moved.</p>', { location: encodeURI(resource.to) })
    if (resource?.kind === 'gone') return this.refused(410, 'This page is gone for good.')
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
    const validators = validatorsOf(behaviour, body, lasting.body, changedAt, this.now(), this.seen.length)
    const headers = {
      ...(validators.etag !== undefined && { etag: validators.etag }),
      ...(validators.lastModified !== undefined && { 'last-modified': validators.lastModified }),
    }
    const since = request.headers['if-modified-since']
    if (isFresh(validators, request.headers['if-none-match'], since)) return { status: 304, contentType, headers, body: '' }
    return { status: 200, contentType, headers, body }
  }

  #notFound(): Answer {
    const token = this.behaviour.churn === 'request' ? this.#token() : undefined
    return html(this.behaviour.softNotFound ? 200 : 404, notFoundHtml(this.behaviour.siteTitle, token))
  }

  #robots(): Answer {
    const { robots, sitemap } = this.behaviour
    if (robots === 'off') return this.refused(404, 'There is no robots.txt here.')
    const lines = [
      'User-agent: *',
      ...(robots.disallow ?? []).map((path) => `Disallow: ${path}`),
      ...(robots.crawlDelay === undefined ? [] : [`Crawl-delay: ${robots.crawlDelay}`]),
      ...(robots.sitemap === true && sitemap !== 'off' ? ['', `Sitemap: ${sitemap === 'elsewhere' ? this.url.replace('127.0.0.1', 'localhost') : this.url}/sitemap.xml`] : []),
    ]
    return { status: 200, contentType: 'text/plain', body: robots.text ?? `${lines.join('\n')}\n` }
  }

  #token(): string {
    return (this.seen.length * 2_654_435_761 % 4_294_967_296).toString(36)
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
