import { createReadStream } from 'node:fs'
import { appendFile, mkdir, rm, truncate, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { SourceDocument } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'
import type { ShortReason } from '../site/short-reason.ts'

/** What the file says of itself. */
const Header = z.object({
  crawl: z.string(),
  /** New documents are set aside until it is known which of them moved. */
  setsAside: z.boolean(),
})
export type JournalHeader = z.output<typeof Header>

/** One URL that was looked at. */
const Entry = z.object({
  id: z.string(),
  state: z.enum(['document', 'redirect', 'duplicate', 'missing', 'gone', 'elsewhere', 'refused', 'failed']),
  /** Packed. */
  links: z.string().optional(),
  target: z.string().optional(),
  short: z.custom<ShortReason>((value) => typeof value === 'string').optional(),
  hops: z.number().optional(),
  twin: z.object({ of: z.array(z.string()).readonly(), proof: z.enum(['name', 'alike', 'same']) }).optional(),
  /** Summary of the words of a page. */
  sketch: z.string().optional(),
  /** It leads to nothing, which was remembered and not asked for. */
  spared: z.boolean().optional(),
  /** It was recorded by an earlier run. */
  known: z.boolean(),
  /** A document that waits for the end of the crawl. */
  document: z.custom<SourceDocument>((value) => typeof value === 'object' && value !== null).optional(),
})
export type JournalEntry = z.output<typeof Entry>

const FLUSH_AT = 1_000_000

/** Thrown when a journal is not what its crawl wrote; the crawl then starts anew. */
export class DamagedJournal extends Error {}

/**
 * The outcomes of one crawl in a file: what lets it go on after an interruption, and where documents wait that cannot
 * be handed on yet, so that memory holds none.
 */
export class Journal {
  readonly path: string
  readonly header: JournalHeader
  #buffer: string[] = []
  #buffered = 0

  private constructor(path: string, header: JournalHeader) {
    this.path = path
    this.header = header
  }

  static async create(path: string, header: JournalHeader): Promise<Journal> {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${JSON.stringify(header)}\n`)
    return new Journal(path, header)
  }

  /**
   * The journal of an interrupted crawl, cut after `entries` entries; undefined when there is none. Entries behind
   * them are of work that nobody committed.
   */
  static async reopen(path: string, crawl: string, entries: number): Promise<Journal | undefined> {
    try {
      let bytes = 0
      let read = 0
      let header: JournalHeader | undefined
      for await (const line of linesOf(path)) {
        bytes += Buffer.byteLength(line) + 1
        if (header === undefined) header = Header.parse(JSON.parse(line))
        else read += 1
        if (header.crawl !== crawl) return undefined
        if (read === entries) break
      }
      if (header === undefined || read < entries) return undefined
      await truncate(path, bytes)
      return new Journal(path, header)
    } catch {
      // Missing, cut in the middle of a line, or another format: a cache, so nothing is lost but time.
      return undefined
    }
  }

  async append(entry: JournalEntry): Promise<void> {
    const line = `${JSON.stringify(entry)}\n`
    this.#buffer.push(line)
    this.#buffered += line.length
    if (this.#buffered >= FLUSH_AT) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#buffer.length === 0) return
    const lines = this.#buffer.join('')
    this.#buffer = []
    this.#buffered = 0
    await appendFile(this.path, lines)
  }

  /** All entries, from the file. @throws DamagedJournal */
  async *entries(): AsyncGenerator<JournalEntry> {
    await this.flush()
    let first = true
    for await (const line of linesOf(this.path)) {
      if (!first) yield parsed(line)
      first = false
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true })
  }
}

function parsed(line: string): JournalEntry {
  try {
    return Entry.parse(JSON.parse(line))
  } catch (cause) {
    throw new DamagedJournal('an entry of a crawl journal cannot be read', { cause })
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, { encoding: 'utf8' })
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  } finally {
    stream.destroy()
  }
}
