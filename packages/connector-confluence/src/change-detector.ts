import type { Change, ChangeDetector, ConnectorContext, DetectRequest, KnownDocuments, Presence } from '@qdrant-loader/connector-sdk'
import { isHttpStatusError } from '@qdrant-loader/http'
import type { ConfluenceApi } from './api.ts'
import type { Site } from './base-url.ts'
import type { ConfluenceConfig } from './config.ts'
import { credentialsRefused, noSpace } from './confluence-errors.ts'
import type { ChangeWindow, ConfluenceCursor } from './cursor.ts'
import { scopeOf } from './head.ts'
import { IncrementalPass } from './incremental-pass.ts'
import { ListingPass } from './listing-pass.ts'
import { judgePresence } from './presence.ts'
import type { Reader } from './reader.ts'
import { selectionOf } from './selection.ts'
import type { Selection } from './selection.ts'

/** A change in Confluence. */
export type ConfluenceChange = Change<ConfluenceCursor>

/** What {@link ConfluenceChangeDetector} needs. */
export interface ConfluenceChangeDetectorDeps {
  readonly api: ConfluenceApi
  readonly site: Site
  readonly config: ConfluenceConfig
  readonly reader: Reader
  readonly context: Pick<ConnectorContext, 'logger' | 'progress' | 'now' | 'dryRun'>
}

/** What one detection works with. */
export interface PassDeps extends ConfluenceChangeDetectorDeps {
  readonly selects: Selection
  readonly known: KnownDocuments
  readonly signal: AbortSignal
}

/**
 * Finds changes in two ways. A search for what was modified lately finds edits, new pages and comments with one
 * request; a page's version decides whether its body is read. A complete listing finds what bumps no version: moves,
 * renamed ancestors, labels, and what is gone.
 */
export class ConfluenceChangeDetector implements ChangeDetector<ConfluenceCursor> {
  readonly #deps: ConfluenceChangeDetectorDeps
  #known: KnownDocuments | undefined

  constructor(deps: ConfluenceChangeDetectorDeps) {
    this.#deps = deps
  }

  async *detect(request: DetectRequest<ConfluenceCursor>, signal: AbortSignal): AsyncGenerator<ConfluenceChange> {
    const { config, context, site } = this.#deps
    this.#known = request.known
    // Taken before the first request: what changes from now on belongs to the next run.
    const cursor: ConfluenceCursor = { version: 1, since: context.now(), place: site.webUrl }
    await this.#signIn(signal)
    const pass: PassDeps = { ...this.#deps, selects: selectionOf(config), known: request.known, signal }
    if (request.mode === 'incremental' && !request.listingDue && request.since.place === cursor.place) {
      const window = yield* this.#incremental(request.since, pass)
      yield { kind: 'complete', cursor: { ...cursor, window }, listing: 'changes' }
      return
    }
    const { everythingIn, window } = yield* new ListingPass(pass).changes(cursor.since)
    yield { kind: 'complete', cursor: { ...cursor, window }, listing: { everythingIn, configured: config.space_key.map(scopeOf) } }
  }

  async *#incremental(since: ConfluenceCursor, pass: PassDeps): AsyncGenerator<ConfluenceChange, ChangeWindow> {
    const { api, config, context, site, signal } = pass
    try {
      return yield* new IncrementalPass(pass).changesSince(since, config.space_key)
    } catch (error) {
      // A query that names a space which cannot be seen is refused as a whole.
      if (!isHttpStatusError(error, 400)) throw error
      const readable = (await api.spaces(config.space_key, signal)).map(({ key }) => key)
      if (readable.length === 0) throw noSpace(config.space_key, site)
      if (readable.length === config.space_key.length) throw error
      context.logger.warn('some spaces cannot be read and are left out', { spaces: unreadable(config.space_key, readable) })
      return yield* new IncrementalPass(pass).changesSince(since, readable)
    }
  }

  judge(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
    return judgePresence(ids, { ...this.#deps, selects: selectionOf(this.#deps.config), known: this.#known, signal })
  }

  /** A server that does not know the credentials may answer as to anybody, with fewer pages. Ask who we are first. */
  async #signIn(signal: AbortSignal): Promise<void> {
    const { api, config, site } = this.#deps
    if (config.token === undefined) return
    if ((await api.identity(signal)) === 'anonymous') throw credentialsRefused(site, true)
  }
}

/** The configured keys that are not among the readable ones. */
export function unreadable(configured: readonly string[], readable: readonly string[]): readonly string[] {
  const seen = new Set(readable.map(scopeOf))
  return configured.filter((key) => !seen.has(scopeOf(key)))
}
