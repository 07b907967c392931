import { areAlike, areSame } from '../page/sketch.ts'
import type { Crawl } from './crawl.ts'
import type { Frontier } from './frontier.ts'
import type { Journal } from './journal.ts'
import type { Twin } from './twins.ts'

/** What telling needs: a crawl that has ended. */
export interface TwinDeps {
  readonly crawl: Crawl
  readonly frontier: Frontier
  readonly journal: Journal
}

/**
 * For each page that may be another form of one: the id of the page that it is a form of. Absent where that page is not
 * there, or says something else. The summaries of their words are read from the journal, so that memory holds few.
 */
export async function pagesOfTwins(deps: TwinDeps): Promise<ReadonlyMap<string, string>> {
  const { crawl, frontier } = deps
  const found = new Map<string, string>()
  if (crawl.twins.size === 0) return found
  const candidates = new Map([...crawl.twins].map(([id, { twin }]) => [id, twin.of.map((page) => frontier.leadOf(page)).filter((page) => page !== id)]))
  const looks = await looksOf(new Set([...candidates].flatMap(([id, pages]) => [id, ...pages])), deps)
  // Pages with and without `.html` first: others may be forms of those that stand alone.
  const alone = new Set<string>()
  for (const isFirst of [true, false]) {
    for (const [id, { twin }] of crawl.twins) {
      if ((twin.proof === 'same') !== isFirst) continue
      const page = (candidates.get(id) ?? []).find((one) => {
        const isPage = frontier.stateOf(one) === 'document' || alone.has(one) || looks.get(one)?.unread === true
        return isPage && isForm(twin, looks.get(id), looks.get(one))
      })
      if (page !== undefined) found.set(id, page)
      else if (isFirst) alone.add(id)
    }
  }
  return found
}

interface Look {
  readonly sketch: string | undefined
  /** It was a document, and cannot be read now. */
  readonly unread: boolean
}

async function looksOf(wanted: ReadonlySet<string>, { journal }: TwinDeps): Promise<ReadonlyMap<string, Look>> {
  const looks = new Map<string, Look>()
  for await (const { id, sketch, state, known } of journal.entries()) {
    if (wanted.has(id)) looks.set(id, { sketch, unread: known && (state === 'failed' || state === 'refused') })
  }
  return looks
}

/** Of a page that cannot be read now, the summary of what was recorded counts. */
function isForm({ proof }: Twin, mine: Look | undefined, theirs: Look | undefined): boolean {
  if (proof === 'name') return true
  if (mine?.sketch === undefined || theirs?.sketch === undefined) return false
  return proof === 'same' ? areSame(mine.sketch, theirs.sketch) : areAlike(mine.sketch, theirs.sketch)
}
