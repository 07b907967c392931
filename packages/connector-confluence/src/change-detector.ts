import type { Change, ChangeDetector, ConnectorContext, DetectRequest, KnownDocuments, Presence } from '@qdrant-loader/connector-sdk'
import type { ConfluenceApi, Space } from './api.ts'
import type { Site } from './base-url.ts'
import type { ConfluenceConfig } from './config.ts'
import { credentialsRefused, emptySpace, noSpace, unreadableSpace } from './confluence-errors.ts'
import type { ConfluenceCursor } from './cursor.ts'
import { scopeOf } from './head.ts'
import { IncrementalPass } from './incremental-pass.ts'
import { ListingPass } from './listing-pass.ts'
import { judgePresence } from './presence.ts'
import { unreadable } from './unreadable.ts'
import type { Reader } from './reader.ts'
import { selectionOf } from './selection.ts'
import type { Selection } from './selection.ts'

/** Taken off our own clock where the server does not tell its time: in milliseconds. */
const UNKNOWN_CLOCK_MS = 24 * 3_600_000

/** A change in Confluence. */
export type ConfluenceChange = Change<ConfluenceCursor>

/** What {@link ConfluenceChangeDetector} needs. */
export interface ConfluenceChangeDetectorDeps {
  readonly api: ConfluenceApi
  readonly site: Site
  readonly config: ConfluenceConfig
  readonly reader: Reader
  readonly context: Pick<ConnectorContext, 'logger' | 'progress' | 'now'>
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
    const { config, site } = this.#deps
    this.#known = request.known
    const pass: PassDeps = { ...this.#deps, selects: selectionOf(config), known: request.known, signal }
    const last = request.mode === 'incremental' && !request.listingDue ? request.since : undefined
    const spaces = await this.#spaces(last === undefined, signal)
    // Taken before anything is searched or listed: what changes from now on belongs to the next run.
    const started = { version: 3, since: this.#now(), place: site.webUrl } as const
    const covered = last?.place === site.webUrl ? await this.#covered(last, spaces, signal) : undefined
    if (last && covered) {
      yield* new IncrementalPass(pass).changesSince(last.since, covered)
      const outcome = this.#outcome(covered.map(({ key }) => scopeOf(key)), spaces)
      yield { kind: 'complete', cursor: { ...started, ...outcome.scopes, shown: last.shown }, listing: 'changes', ...outcome.problems }
      return
    }
    const before = request.mode === 'incremental' ? request.since.shown : []
    const { everythingIn, shown } = yield* new ListingPass(pass).changes(spaces, before)
    const outcome = this.#outcome(everythingIn, spaces)
    yield {
      kind: 'complete',
      cursor: { ...started, ...outcome.scopes, shown: [...shown, ...before.filter((scope) => outcome.scopes.doubted.includes(scope))] },
      listing: { everythingIn, configured: config.space_key.map(scopeOf) },
      ...outcome.problems,
    }
  }

  /**
   * The spaces in which changes are all that is missing; undefined when there is another one, of which nothing is known:
   * it can be read for the first time or again, or shows pages again.
   */
  async #covered(last: ConfluenceCursor, spaces: readonly Space[], signal: AbortSignal): Promise<readonly Space[] | undefined> {
    const { api, config } = this.#deps
    for (const space of spaces.filter(({ key }) => !last.covered.includes(scopeOf(key)))) {
      const doubted = last.doubted.includes(scopeOf(space.key))
      if (!doubted || (await api.showsPages(space, config.content_types, signal))) return undefined
    }
    const covered = spaces.filter(({ key }) => last.covered.includes(scopeOf(key)))
    return covered.length > 0 ? covered : undefined
  }

  /** What a run could answer for, and which of the configured spaces are missing in it. */
  #outcome(covered: readonly string[], readable: readonly Space[]) {
    const missing = unreadable(this.#deps.config.space_key, covered)
    const seen = new Set(readable.map(({ key }) => scopeOf(key)))
    const problems = missing.map((key) => (seen.has(scopeOf(key)) ? emptySpace(key) : unreadableSpace(key)))
    return {
      scopes: { covered: [...covered], doubted: missing.map(scopeOf).filter((scope) => seen.has(scope)) },
      problems: problems.length > 0 ? { unreadable: problems } : {},
    }
  }

  judge(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
    return judgePresence(ids, { ...this.#deps, selects: selectionOf(this.#deps.config), known: this.#known, signal })
  }

  /** By the clock that writes the times of changes. Ours may be wrong by hours. */
  #now(): number {
    const { api, context } = this.#deps
    return api.clock ?? Math.max(context.now() - UNKNOWN_CLOCK_MS, 0)
  }

  /**
   * The spaces that can be read. A server that does not know the credentials may answer as to anybody, with fewer
   * spaces and pages: before a listing, and wherever a space is missing, it is asked who we are.
   */
  async #spaces(listing: boolean, signal: AbortSignal): Promise<readonly Space[]> {
    const { api, config, site } = this.#deps
    if (listing) await this.#signIn(signal)
    const spaces = await api.spaces(config.space_key, signal)
    if (!listing && unreadable(config.space_key, spaces.map(({ key }) => key)).length > 0) await this.#signIn(signal)
    if (spaces.length === 0) throw noSpace(config.space_key, site)
    return spaces
  }

  async #signIn(signal: AbortSignal): Promise<void> {
    const { api, config, site } = this.#deps
    if (config.token === undefined) return
    if ((await api.identity(signal)) === 'anonymous') throw credentialsRefused(site, true)
  }
}
