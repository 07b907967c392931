import { asDocumentError } from '@qdrant-loader/connector-sdk'
import type { ContentReader, DocumentStub, SourceDocument } from '@qdrant-loader/connector-sdk'
import { stepFor } from './crawl/crawl-step.ts'
import type { RunMemory } from './crawl/run-memory.ts'
import type { Site } from './site/site.ts'
import { ALTERNATIVE, alternativeOf } from './stub.ts'

/** What a {@link PublicDocsContentReader} needs. */
export interface PublicDocsContentReaderDeps {
  readonly site: Site
  readonly memory: RunMemory
  readonly fingerprint: string
  readonly now: () => number
}

/** Reads one page anew, for a document that has to be done again. */
export class PublicDocsContentReader implements ContentReader {
  readonly #deps: PublicDocsContentReaderDeps

  constructor(deps: PublicDocsContentReaderDeps) {
    this.#deps = deps
  }

  async read(stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'> {
    signal.throwIfAborted()
    // Another form of a page has no text of its own, and the crawl has found out that it is one.
    if (stub.contentVersion === ALTERNATIVE) return alternativeOf(stub)
    const { site, memory, fingerprint, now } = this.#deps
    const failure = memory.failures.get(stub.id)
    // It failed in this run, after retries: asking again would only ask more of a site in trouble.
    if (failure !== undefined) throw failure
    const url = new URL(stub.location.url)
    const reading = site.isStart(stub.id) ? await site.readAsIs(url, undefined, signal) : await site.read(url, undefined, signal)
    if (reading.kind === 'failed') throw reading.error
    if (reading.kind === 'refused') throw asDocumentError(reading.error)
    if (reading.kind !== 'page') return 'gone'
    const robots = await site.robots(signal)
    const { document } = stepFor({ url: url.href, id: stub.id, depth: site.isStart(stub.id) ? 0 : 1 }, undefined, reading, {
      scope: site.scope,
      allows: (page) => robots.allows(page),
      fingerprint,
      lastmodOf: () => undefined,
      now,
    })
    return document ?? 'gone'
  }
}

