import type { ContentReader, DocumentStub, SourceDocument } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'
import type { ConfluenceApi } from './api/confluence-api.ts'
import { confluenceError } from './codes.ts'
import type { ConfluenceConfig } from './config.ts'
import { unlistedStill } from './errors.ts'
import { isUnlistedId, unlistedPage } from './passes/unlisted.ts'
import type { Site } from './site/base-url.ts'
import { contentId, documentId } from './site/head.ts'
import type { Head } from './site/head.ts'
import { PageLookup } from './text/page-lookup.ts'
import type { Reader, Reading, Unread } from './text/reader.ts'
import { sourceDocument } from './text/source-document.ts'
import { validatorsFrom } from './validators.ts'

/** What {@link ConfluenceContentReader} needs. */
export interface ConfluenceContentReaderDeps {
  readonly api: ConfluenceApi
  readonly site: Site
  readonly config: Pick<ConfluenceConfig, 'space_key'>
  readonly reader: Reader
}

/** The part of a recorded payload that is not in the head: see `describe`. */
const Described = z.object({ child_ids: z.array(z.string()).optional(), child_count: z.number().optional(), page_id: z.string().optional() })

/**
 * Reads single documents again. The text is read anew; what only a listing shows (place, labels, children) stays as it
 * was listed. Documents that are asked for together are read together.
 */
export class ConfluenceContentReader implements ContentReader {
  readonly #deps: ConfluenceContentReaderDeps
  #waiting: Waiting[] = []

  constructor(deps: ConfluenceContentReaderDeps) {
    this.#deps = deps
  }

  read(stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'> {
    const failure = this.#deps.reader.failures.get(stub.id)
    if (failure) return Promise.reject(failure)
    const unlisted = unlistedPage(stub)
    if (unlisted !== undefined) return this.#fetchUnlisted(unlisted, stub, signal)
    const head = validatorsFrom(stub.validators)?.head
    return head ? this.#fetchWith(head, stub, signal) : Promise.reject(confluenceError('confluence_stub_unreadable', { id: stub.id }))
  }

  /** Of a page that could not be listed, no head was recorded. A row without a name is gone when it is not met any more. */
  async #fetchUnlisted(id: string, stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'> {
    if (isUnlistedId(id)) return 'gone'
    const { api, config } = this.#deps
    const [found] = await api.found([contentId(id).id], signal)
    if (!found) throw unlistedStill(id)
    if (found.status !== 'current') return 'gone'
    const { heads } = await api.refreshed([found.head], await api.spaces(config.space_key, signal), signal)
    const [head] = heads
    return head ? this.#fetchWith(head, stub, signal) : 'gone'
  }

  #fetchWith(head: Head, stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ stub, head, signal, resolve, reject })
      if (this.#waiting.length === 1) setImmediate(() => void this.#readWaiting())
    })
  }

  async #readWaiting(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    const open = waiting.filter(({ signal, reject }) => {
      if (signal.aborted) reject(signal.reason)
      return !signal.aborted
    })
    if (open.length === 0) return
    const { api, config, reader, site } = this.#deps
    try {
      // Several callers may wait for one answer: it is given up when all of them have.
      const signal = open.length === 1 ? (open[0] as Waiting).signal : givenUpByAll(open.map((one) => one.signal))
      const lookup = new PageLookup(api, { heads: [], complete: [], pages: false, spaces: config.space_key })
      lookup.remember(open.flatMap(({ stub }) => validatorsFrom(stub.validators)?.uses ?? []))
      const readings = new Map<string, Reading | Unread>()
      const asked = new Map(open.map(({ head }) => [documentId(head), head]))
      for await (const read of reader.read([...asked.values()], lookup, signal)) readings.set(documentId(read.head), read)
      for (const one of open) {
        const read = readings.get(documentId(one.head))
        if (!read) one.resolve('gone')
        else if ('failure' in read) one.reject(read.failure)
        else one.resolve(sourceDocument(read, surroundings(one), site))
      }
    } catch (error) {
      for (const { reject } of open) reject(error)
    }
  }
}

interface Waiting {
  readonly stub: DocumentStub
  readonly head: Head
  readonly signal: AbortSignal
  readonly resolve: (document: SourceDocument | 'gone') => void
  readonly reject: (error: unknown) => void
}

/** The surroundings that the stub was made with. */
function surroundings({ stub, head }: Waiting) {
  const described = Described.safeParse(stub.metadata ?? {}).data
  const children = described?.child_ids ?? []
  if (head.kind !== 'comment') return { children, childCount: described?.child_count }
  const title = stub.location.title?.replace(/^Comment on ?/, '') ?? ''
  const kind = stub.location.url.includes('/spaces/') ? ('page' as const) : ('blogpost' as const)
  return { children, page: { ...head, id: described?.page_id ?? head.container ?? '', kind, title } }
}

function givenUpByAll(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController()
  let open = signals.length
  for (const signal of signals) {
    signal.addEventListener('abort', () => {
      open -= 1
      if (open === 0) controller.abort(signal.reason)
    }, { once: true })
  }
  return controller.signal
}
