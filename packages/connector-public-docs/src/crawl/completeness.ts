import type { Shortfall, UnreadableScope } from '@qdrant-loader/connector-sdk'
import { printableUrl } from '@qdrant-loader/http'
import { publicDocsError } from '../codes.ts'
import type { ShortReason } from '../site/short-reason.ts'
import { SCOPE } from '../stub.ts'
import type { Outcome } from './frontier.ts'

/** Reasons for which a page that may be there was not shown. */
const NOT_SHOWN: readonly ShortReason[] = ['refused', 'login_form', 'bad_encoding', 'redirect_loop']
/** The run is `partial` when more than this share of the pages that were looked at was refused, and more than one. */
const REFUSED_SHARE = 0.1
const LEAST_REFUSED = 2
/** Links to editors and downloads lead elsewhere on sound sites, too. */
const ELSEWHERE_SHARE = 0.5

/** Counts what one crawl of a site could not show, with one example of each reason: the first in the order of the crawl. */
export class Completeness {
  readonly #counts = new Map<ShortReason, { count: number; readonly example: string }>()
  #pages = 0

  note(reason: ShortReason, url: string, count = 1): void {
    if (count <= 0) return
    const known = this.#counts.get(reason)
    if (known === undefined) this.#counts.set(reason, { count, example: printableUrl(url) })
    else known.count += count
  }

  /** What became of one URL that was looked at. */
  looked(url: string, outcome: Pick<Outcome, 'state' | 'short'>): void {
    if (outcome.short !== undefined) this.note(outcome.short, url)
    else if (outcome.state === 'document' || outcome.state === 'duplicate') this.#pages += 1
  }

  count(...reasons: readonly ShortReason[]): number {
    return reasons.reduce((sum, reason) => sum + (this.#counts.get(reason)?.count ?? 0), 0)
  }

  shortfalls(): readonly Shortfall[] {
    return [...this.#counts].map(([reason, { count, example }]) => ({ reason, count, example }))
  }

  /** Whether so much was refused that the site cannot be said to be read. */
  refusal(host: string): UnreadableScope | undefined {
    const refused = this.count(...NOT_SHOWN)
    const elsewhere = this.count('redirected_elsewhere')
    const looked = this.#pages + refused + elsewhere + this.count('empty', 'scripts_only', 'unanswered')
    const isRefused = refused >= LEAST_REFUSED && refused > looked * REFUSED_SHARE
    const isElsewhere = elsewhere >= LEAST_REFUSED && elsewhere > looked * ELSEWHERE_SHARE
    if (!isRefused && !isElsewhere) return undefined
    const reason = [...NOT_SHOWN, 'redirected_elsewhere' as const].find((one) => this.count(one) > 0)
    const example = reason === undefined ? '' : (this.#counts.get(reason)?.example ?? '')
    return { scope: SCOPE, ...publicDocsError.describe('public_docs_refused', { host, count: refused + elsewhere, looked, example }) }
  }
}
