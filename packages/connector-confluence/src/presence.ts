import type { KnownDocuments, Presence } from '@qdrant-loader/connector-sdk'
import { batchesOf, mapLimited } from './api/in-batches.ts'
import type { PassDeps } from './passes/pass-deps.ts'
import { presenceOf } from './passes/presence-of.ts'
import { isUnlistedId } from './passes/unlisted.ts'
import { selectsAll } from './selection.ts'
import { contentId } from './site/head.ts'
import type { Head } from './site/head.ts'
import { unreadable } from './spaces/unreadable.ts'
import { validatorsFrom } from './validators.ts'

/** Ids in one query. */
const IDS = 100
const AT_ONCE = 4

type PresenceDeps = Omit<PassDeps, 'known' | 'context'> & {
  /** Of the detection of this run; undefined when there was none. Staged documents are not in it. */
  readonly known: KnownDocuments | undefined
}

/**
 * Says what became of documents that a listing did not show.
 *
 * Trash, archive and other spaces can be seen. A page that cannot be seen at all was purged or hidden, and looks the
 * same: it is `unknown` when it is first asked about, and `hidden` when a later run asks again while all spaces can be
 * read and show pages. Under `on_hidden: keep` it counts as present.
 */
export async function judgePresence(ids: readonly string[], deps: PresenceDeps): Promise<ReadonlyMap<string, Presence>> {
  const rows = ids.filter(isUnlistedId)
  const pages = ids.filter((id) => !contentId(id).comment && !isUnlistedId(id))
  const comments = ids.filter((id) => contentId(id).comment)
  const places = await placesOf(ids, deps)
  const judge = new Judge(deps, places)
  const verdicts = await judge.pages([...new Set([...pages, ...[...places.values()].flatMap(({ container }) => container ?? [])])])
  const answers = new Map<string, Presence>(pages.map((id) => [id, verdicts.get(id) ?? 'unknown']))
  // A row without a name is there as long as a listing meets it.
  for (const id of rows) answers.set(id, deps.reader.failures.has(id) ? 'present' : 'deleted')
  const found = await mapLimited(comments, AT_ONCE, (id) => judge.comment(id, verdicts))
  for (const [index, id] of comments.entries()) answers.set(id, found[index] ?? 'unknown')
  return answers
}

/** What is remembered of a document that is held and not staged. */
interface Place {
  readonly container: string | undefined
  readonly place: Head['place']
}

async function placesOf(ids: readonly string[], { known }: PresenceDeps): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>()
  for (const batch of known ? batchesOf(ids, 1_000) : []) {
    for (const [id, { validators }] of (await known?.ofMany(batch)) ?? []) {
      const head = validatorsFrom(validators)?.head
      places.set(id, { container: head?.container, place: head?.place })
    }
  }
  return places
}

class Judge {
  readonly #deps: PresenceDeps
  readonly #places: ReadonlyMap<string, Place>
  /** Pages that nobody can see, and that are to be kept. */
  readonly #kept = new Set<string>()
  #allReadable: Promise<boolean> | undefined

  constructor(deps: PresenceDeps, places: ReadonlyMap<string, Place>) {
    this.#deps = deps
    this.#places = places
  }

  async pages(ids: readonly string[]): Promise<ReadonlyMap<string, Presence>> {
    if (ids.length === 0) return new Map()
    const { api, config, signal } = this.#deps
    const where = await api.whereabouts(ids, config.space_key, signal)
    const current = ids.filter((id) => where.get(id)?.status === 'current' && where.get(id)?.space !== undefined)
    const selected = await this.#selected(current)
    const verdicts = new Map<string, Presence>()
    for (const id of ids) {
      const verdict = presenceOf(where.get(id), selected.get(id))
      verdicts.set(id, verdict ?? (await this.#invisible(id)))
      if (verdict === undefined && verdicts.get(id) === 'present') this.#kept.add(id)
    }
    return verdicts
  }

  async comment(id: string, pages: ReadonlyMap<string, Presence>): Promise<Presence> {
    const { api, config, signal } = this.#deps
    const place = this.#places.get(id)
    const page = place?.container === undefined ? undefined : pages.get(place.container)
    if (page !== undefined && (page !== 'present' || this.#kept.has(place?.container ?? ''))) return page
    const status = await api.commentStatus(contentId(id).id, place?.place, signal)
    if (status === 'not shown') return 'unknown'
    if (status === 'current') return page !== undefined && config.include_comments ? 'present' : this.#commentOf(id)
    if (status !== undefined) return 'deleted'
    // Whoever sees the page sees its comments.
    return page === 'present' ? 'deleted' : this.#invisible(id)
  }

  /** A comment that is there, while nothing is remembered of its page. */
  async #commentOf(id: string): Promise<Presence> {
    const { api, config, signal } = this.#deps
    if (!config.include_comments) return 'out-of-scope'
    const [found] = await api.found([contentId(id).id], signal)
    const page = found?.head.container
    if (page === undefined) return 'unknown'
    return (await this.pages([page])).get(page) ?? 'unknown'
  }

  /** Whether visible pages are selected, as far as the search index knows them. */
  async #selected(ids: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
    const { api, config, selects, signal } = this.#deps
    if (selectsAll(config)) return new Map(ids.map((id) => [id, true]))
    const selected = new Map<string, boolean>()
    for (const batch of batchesOf(ids, IDS)) {
      const found = await api.found(batch, signal)
      for (const { head } of found) selected.set(head.id, selects(head))
    }
    return selected
  }

  /** Purged or hidden: there is no telling. */
  async #invisible(id: string): Promise<Presence> {
    const { config, known } = this.#deps
    if (config.on_hidden === 'keep') return 'present'
    const firstTime = known === undefined || this.#places.has(id)
    return firstTime || !(await this.#spacesReadable()) ? 'unknown' : 'hidden'
  }

  #spacesReadable(): Promise<boolean> {
    this.#allReadable ??= this.#seeSpaces()
    return this.#allReadable
  }

  /** A space whose pages all became invisible is listed as before. */
  async #seeSpaces(): Promise<boolean> {
    const { api, config, signal } = this.#deps
    const spaces = await api.spaces(config.space_key, signal)
    if (unreadable(config.space_key, spaces.map(({ key }) => key)).length > 0) return false
    for (const space of spaces) if (!(await api.showsPages(space, config.content_types, signal))) return false
    return true
  }
}
