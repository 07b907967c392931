import { createHash } from 'node:crypto'
import type { World } from '@qdrant-loader/connector-testkit'
import { DocsServer } from './docs-server.ts'

/** A site of Markdown pages below `/docs/`, with a list of them that is no document, and redirects from old names. */
export class DocsWorld implements World {
  readonly lacks = { touch: 'a page has no payload beside its text', pageSize: 'links are followed; no listing has pages' }
  readonly secrets = ['the-secret-token']
  readonly #server: DocsServer
  readonly #pages = new Map<string, string>()
  readonly #redirects = new Map<string, string>()

  private constructor(server: DocsServer) {
    this.#server = server
    this.settle()
  }

  static async create(): Promise<DocsWorld> {
    return new DocsWorld(await DocsServer.start())
  }

  get config(): Readonly<Record<string, unknown>> {
    return { base_url: `${this.#server.origin}/docs/`, auth: { token: 'the-secret-token' }, allow_private_networks: true, requests_per_minute: 60_000 }
  }

  documents(): ReadonlyMap<string, string> {
    return new Map([...this.#pages].map(([name, text]) => [`${this.#server.origin}/docs/${name}`, text]))
  }

  write(name: string, text: string): void {
    this.#pages.set(name, text)
    this.#redirects.delete(name)
  }

  remove(name: string): void {
    this.#pages.delete(name)
  }

  rename(from: string, to: string): void {
    const text = this.#pages.get(from) ?? ''
    this.#pages.delete(from)
    this.write(to, text)
    this.#redirects.set(from, to)
  }

  settle(): void {
    const { answers } = this.#server
    answers.clear()
    answers.set('/docs/', markdown(`${this.#list()}\n[logo](logo.png) [elsewhere](https://example.com/)\n`, { 'x-robots-tag': 'noindex' }))
    for (const [name, text] of this.#pages) answers.set(`/docs/${name}`, markdown(text))
    for (const [from, to] of this.#redirects) answers.set(`/docs/${from}`, { status: 301, headers: { location: `/docs/${to}` } })
  }

  async fail(): Promise<void> {
    await this.#server.close()
  }

  breakOff(afterRequests: number, requests = Number.POSITIVE_INFINITY): void {
    this.#server.heal()
    this.#server.faults.add({ kind: 'drop' }, { after: afterRequests, times: requests })
  }

  refuse(): void {
    // Servers repeat what they were given.
    this.#server.breakOff(0, { kind: 'answer', status: 401, headers: { 'www-authenticate': 'Bearer' }, body: `The token ${this.secrets[0]} is not valid.` })
  }

  /** A list of sitemaps that names itself, and pages that redirect in a circle. */
  repeat(): void {
    const { answers, origin } = this.#server
    const index = `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>${origin}/sitemap.xml</loc></sitemap></sitemapindex>`
    answers.set('/sitemap.xml', { headers: { 'content-type': 'application/xml' }, body: index })
    answers.set('/docs/round', { status: 302, headers: { location: '/docs/and-round' } })
    answers.set('/docs/and-round', { status: 302, headers: { location: '/docs/round' } })
    answers.set('/docs/', markdown(`${this.#list()}\n- [round](/docs/round)\n`, { 'x-robots-tag': 'noindex' }))
  }

  stall(): void {
    this.#server.breakOff(0, { kind: 'delay', ms: Number.POSITIVE_INFINITY })
  }

  spoil(name: string): void {
    this.#server.answers.set(`/docs/${name}`, { status: 500, body: 'broken' })
  }

  async heal(): Promise<void> {
    this.#server.heal()
    await this.#server.listen()
    this.settle()
  }

  #list(): string {
    return [...this.#pages.keys()].toSorted().map((name) => `- [a page](/docs/${name})\n`).join('')
  }

  async dispose(): Promise<void> {
    await this.#server.close()
  }
}

function markdown(body: string, headers: Readonly<Record<string, string>> = {}) {
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 12)}"`
  return { headers: { 'content-type': 'text/markdown; charset=utf-8', etag, ...headers }, body }
}
