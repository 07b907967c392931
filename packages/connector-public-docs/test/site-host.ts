import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Change } from '@qdrant-loader/connector-sdk'
import { MemoryHost } from '@qdrant-loader/connector-testkit'
import { createPublicDocsConnector } from '@qdrant-loader/connector-public-docs'
import type { PublicDocsConfig, PublicDocsConnectorOptions, PublicDocsCursor } from '@qdrant-loader/connector-public-docs'
import { DocsServer } from './docs-server.ts'
import type { Answer } from './docs-server.ts'

/** A site below `/docs/` and a host that reads it. */
export class SiteHost {
  readonly server: DocsServer
  readonly host: MemoryHost<PublicDocsConfig, PublicDocsCursor>
  readonly #folder: string
  /** Milliseconds since the epoch for the connector. */
  now = Date.parse('2026-06-01T00:00:00Z')

  private constructor(server: DocsServer, folder: string, config: Readonly<Record<string, unknown>>, options: PublicDocsConnectorOptions) {
    this.server = server
    this.#folder = folder
    this.host = new MemoryHost({
      plugin: createPublicDocsConnector({ sleep: async () => {}, retries: 0, ...options }),
      config: { base_url: `${server.origin}/docs/`, allow_private_networks: true, requests_per_minute: 60_000, ...config },
      configDirectory: folder,
      cacheDirectory: join(folder, 'cache'),
      now: () => this.now,
    })
  }

  static async start(config: Readonly<Record<string, unknown>> = {}, options: PublicDocsConnectorOptions = {}): Promise<SiteHost> {
    return new SiteHost(await DocsServer.start(), await mkdtemp(join(tmpdir(), 'public-docs-')), config, options)
  }

  /** Where the connector keeps what it wants to find again. */
  get cache(): string {
    return join(this.#folder, 'cache')
  }

  /** Puts answers below `/docs/`. */
  serve(answers: Readonly<Record<string, Answer>>): void {
    for (const [path, answer] of Object.entries(answers)) this.server.answers.set(`/docs/${path}`, answer)
  }

  drop(...paths: readonly string[]): void {
    for (const path of paths) this.server.answers.delete(`/docs/${path}`)
  }

  /** What a detection says, without any effect. */
  async look(options: { readonly full?: boolean; readonly listingDue?: boolean } = {}): Promise<Change<PublicDocsCursor>[]> {
    const { host } = this
    const { source } = await host.open()
    const cursor = host.cursor as PublicDocsCursor | undefined
    const { signal } = new AbortController()
    try {
      const incremental = cursor !== undefined && options.full !== true
      const request = incremental
        ? { mode: 'incremental' as const, since: cursor, listingDue: options.listingDue ?? false, known: host.known }
        : { mode: 'full' as const, known: host.known }
      return await collected(source.detector.detect(request, signal))
    } finally {
      await source.close(undefined)
    }
  }

  /** Paths below `/docs/` of the documents with text. */
  get held(): string[] {
    return [...this.host.texts.keys()].map((id) => this.path(id)).toSorted()
  }

  path(id: string): string {
    return id.slice(`${this.server.origin}/docs`.length).replace(/^\//, '')
  }

  id(path: string): string {
    return path === '' ? `${this.server.origin}/docs` : `${this.server.origin}/docs/${path}`
  }

  async close(): Promise<void> {
    await this.server.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

export async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** A page of HTML. */
export function page(text: string, links: readonly string[] = [], more: { readonly head?: string; readonly headers?: Readonly<Record<string, string>>; readonly status?: number } = {}): Answer {
  const anchors = links.map((link) => `<li><a href="${link}">${link}</a></li>`).join('')
  const words = text === '' ? '' : `<h1>${text}</h1><p>This page is about ${text}, in a sentence that is long enough to be one.</p>`
  const body = `<!doctype html><html lang="en"><head><title>${text}</title>${more.head ?? ''}</head><body><nav><ul>${anchors}</ul></nav><main>${words}</main></body></html>`
  return { body, headers: { etag: `"${Buffer.from(body).toString('base64url').length}-${hashOf(body)}"`, ...more.headers }, ...(more.status !== undefined && { status: more.status }) }
}

function hashOf(text: string): string {
  let hash = 0
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return hash.toString(36)
}

export function redirect(to: string, status = 301): Answer {
  return { status, headers: { location: to } }
}

/** The changes of one kind, by path of their documents. */
export function told(site: SiteHost, changes: readonly Change<PublicDocsCursor>[]): string[] {
  return changes.map((change) => {
    switch (change.kind) {
      case 'upsert':
        return `upsert ${site.path(change.stub.id)}${change.stub.contentVersion === 'unread' ? ' unread' : ''}`
      case 'move':
        return `move ${site.path(change.from)} to ${site.path(change.stub.id)}`
      case 'delete':
        return `delete ${site.path(change.id)} ${change.verdict}`
      case 'complete':
        return change.listing === 'changes' ? 'complete changes' : 'complete everything'
      default:
        return change.kind
    }
  })
}
