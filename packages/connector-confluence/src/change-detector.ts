import type { ChangeDetector, Detection, DetectRequest, KnownDocuments, Presence, UnreadableScope } from '@qdrant-loader/connector-sdk'
import type { Space } from './api/confluence-api.ts'
import { whoWeAre } from './api/who-we-are.ts'
import { confluenceError } from './codes.ts'
import type { ConfluenceCursor } from './cursor.ts'
import { credentialsRefused, isRowUnreadable, noSpace } from './errors.ts'
import { IncrementalPass } from './passes/incremental-pass.ts'
import { ListingPass } from './passes/listing-pass.ts'
import type { ConfluenceChange, ConfluenceChangeDetectorDeps, PassDeps } from './passes/pass-deps.ts'
import { judgePresence } from './presence.ts'
import { selectionOf } from './selection.ts'
import { scopeOf } from './site/head.ts'
import { CONCLUSIONS } from './spaces/space-conclusions.ts'
import type { Conclusion, KnownOfSpace, SeenOfSpace } from './spaces/space-conclusions.ts'
import { unreadable } from './spaces/unreadable.ts'

/** Taken off our own clock where the server does not tell its time: in milliseconds. */
const UNKNOWN_CLOCK_MS = 24 * 3_600_000

/** What follows for a configured space. `space`: as the server shows it, where it does and it matters. */
interface Concluded {
  readonly key: string
  readonly space: Space | undefined
  readonly conclusion: Conclusion
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

  async *detect(request: DetectRequest<ConfluenceCursor>, signal: AbortSignal): Detection<ConfluenceCursor> {
    const { config, site } = this.#deps
    this.#known = request.known
    const pass: PassDeps = { ...this.#deps, selects: selectionOf(config), known: request.known, signal }
    const since = request.mode === 'incremental' ? request.since : undefined
    const last = request.mode === 'incremental' && !request.listingDue && request.since.place === site.webUrl ? request.since : undefined
    const spaces = await this.#spaces(last === undefined, signal)
    // Taken before anything is searched or listed: what changes from now on belongs to the next run.
    const started = { version: 3, since: this.#now(), place: site.webUrl } as const
    const covered = last && (await this.#covered(last, spaces, signal))
    if (last && covered && (yield* this.#changesSince(last.since, covered, pass))) {
      const { known, problems } = outcomeOf(covered)
      yield { kind: 'complete', cursor: { ...started, spaces: known }, listing: 'changes', ...problems }
      return
    }
    const concluded = this.#concluded(since?.spaces ?? {}, yield* new ListingPass(pass).changes(spaces, since?.spaces ?? {}))
    const { known, vouched, problems } = outcomeOf(concluded)
    yield {
      kind: 'complete',
      cursor: { ...started, spaces: known },
      listing: { everythingIn: vouched, configured: config.space_key.map(scopeOf) },
      ...problems,
    }
  }

  /** False when the search cannot show one of its rows: then a listing has to be made, which can. */
  async *#changesSince(since: number, covered: readonly Concluded[], pass: PassDeps): AsyncGenerator<ConfluenceChange, boolean> {
    const spaces = covered.flatMap(({ conclusion, space }) => (conclusion.is === 'vouched' && space ? [space] : []))
    try {
      yield* new IncrementalPass(pass).changesSince(since, spaces)
      return true
    } catch (error) {
      if (!isRowUnreadable(error)) throw error
      return false
    }
  }

  /** What follows for each space when changes are asked for; undefined when one of them has to be listed. */
  async #covered(last: ConfluenceCursor, readable: readonly Space[], signal: AbortSignal): Promise<readonly Concluded[] | undefined> {
    const { api, config } = this.#deps
    const seen = new Map<string, SeenOfSpace>()
    for (const space of readable) {
      const scope = scopeOf(space.key)
      const stirs = last.spaces[scope] === 'doubted' && (await api.showsPages(space, config.content_types, signal))
      seen.set(scope, stirs ? 'stirs' : 'there')
    }
    const concluded = this.#concluded(last.spaces, seen, readable)
    const isUseful = concluded.every(({ conclusion }) => conclusion.is !== 'to list') && concluded.some(({ conclusion }) => conclusion.is === 'vouched')
    return isUseful ? concluded : undefined
  }

  #concluded(known: ConfluenceCursor['spaces'], seen: ReadonlyMap<string, SeenOfSpace>, spaces: readonly Space[] = []): readonly Concluded[] {
    return this.#deps.config.space_key.map((key) => {
      const scope = scopeOf(key)
      return {
        key,
        space: spaces.find((space) => scopeOf(space.key) === scope),
        conclusion: CONCLUSIONS[known[scope] ?? 'unread'][seen.get(scope) ?? 'unreadable'],
      }
    })
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
    if ((await whoWeAre(api, signal)) === 'anonymous') throw credentialsRefused(site, true)
  }
}

/** What the next run knows, the scopes that this one answers for, and what is said of the others. */
function outcomeOf(concluded: readonly Concluded[]) {
  const known: Record<string, KnownOfSpace> = {}
  const [vouched, unreadable]: [string[], UnreadableScope[]] = [[], []]
  for (const { key, conclusion } of concluded) {
    if (conclusion.is === 'to list') throw new TypeError(`nothing follows for ${key}`)
    known[scopeOf(key)] = conclusion.known
    if (conclusion.is === 'vouched') vouched.push(scopeOf(key))
    else if (conclusion.problem !== undefined) {
      const code = conclusion.problem === 'unreadable' ? 'confluence_space_unreadable' : 'confluence_space_unreadable/empty'
      unreadable.push({ scope: scopeOf(key), ...confluenceError.describe(code, { space: key }) })
    }
  }
  return { known, vouched, problems: unreadable.length > 0 ? { unreadable } : {} }
}
