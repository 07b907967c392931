import { isDeepStrictEqual } from 'node:util'
import { isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import type {
  Change,
  ConnectorPlugin,
  DetectRequest,
  DocumentStub,
  Json,
  KnownDocument,
  KnownDocuments,
  Listing,
  OpenSource,
  Scope,
  SourceDocument,
} from '@qdrant-loader/connector-sdk'
import { recordingContext } from './recording-context.ts'

/** A document as the host holds it. */
export interface HeldDocument {
  readonly stub: DocumentStub
  readonly document: Omit<SourceDocument, 'stub'>
}

/** How one sync is done. */
export interface SyncOptions {
  /** `full` forgets the cursor. Default: incremental when there is a cursor. */
  readonly mode?: 'full' | 'incremental'
  readonly listingDue?: boolean
  /** Looks, and changes nothing. */
  readonly dryRun?: boolean
  /** The host dies after this many changes: nothing more is taken, nothing is closed in order. */
  readonly dieAfter?: number
  readonly signal?: AbortSignal
}

/** What one sync did. */
export interface SyncResult {
  readonly changes: readonly Change<unknown>[]
  readonly listing: Listing | undefined
  /** Ids whose content was asked for (or came with the listing). */
  readonly loaded: readonly string[]
  /** Ids whose payload alone changed. */
  readonly described: readonly string[]
  readonly moved: readonly string[]
  readonly deleted: readonly string[]
  readonly requests: { readonly source: number; readonly content: number }
  readonly said: readonly string[]
}

/** What a {@link MemoryHost} needs. */
export interface MemoryHostDeps<Config, Cursor> {
  readonly plugin: ConnectorPlugin<Config, Cursor>
  /** As the user writes it. */
  readonly config: unknown
  readonly configDirectory: string
  readonly cacheDirectory: string
  readonly source?: string
  readonly now?: () => number
}

/**
 * The smallest host that does what the contract says, with its state in memory and every value passed through JSON.
 * The rules are those of the real one: effect before cursor, deletions last, absence needs a listing and a judgement
 * (or a second listing), and a sweep only in scopes that are vouched for.
 */
export class MemoryHost<Config, Cursor> {
  readonly #deps: MemoryHostDeps<Config, Cursor>
  readonly #documents = new Map<string, HeldDocument>()
  /** Missed by one listing, by a connector that cannot judge. */
  readonly #missing = new Set<string>()
  #cursor: string | undefined

  constructor(deps: MemoryHostDeps<Config, Cursor>) {
    this.#deps = deps
  }

  /** What is held, by id. Documents without text (`skipped`) are held as well. */
  get documents(): ReadonlyMap<string, HeldDocument> {
    return this.#documents
  }

  /** The texts that a search would find. */
  get texts(): Map<string, string> {
    const indexed = [...this.#documents].filter(([, { document }]) => document.skipped === undefined)
    return new Map(indexed.map(([id, { document }]) => [id, document.text]))
  }

  get cursor(): Json | undefined {
    return this.#cursor === undefined ? undefined : (JSON.parse(this.#cursor) as Json)
  }

  /** Puts another cursor in the place of the saved one. */
  set cursor(cursor: Json | undefined) {
    this.#cursor = cursor === undefined ? undefined : JSON.stringify(cursor)
  }

  /** The look-up that a detector gets. */
  get known(): KnownDocuments {
    const of = (id: string) => known(this.#documents.get(id)?.stub)
    return {
      of: async (id) => of(id),
      ofMany: async (ids) => {
        if (ids.length > 1_000) throw new Error(`ofMany was asked for ${ids.length} documents at once; the limit is 1,000`)
        return new Map(
          ids.flatMap((id) => {
            const document = of(id)
            return document ? [[id, document] as const] : []
          }),
        )
      },
      ids: (scope) => this.#ids(scope),
    }
  }

  /** Opens the source. The caller closes it. */
  async open(options: { readonly dryRun?: boolean } = {}): Promise<{
    readonly source: OpenSource<Cursor>
    readonly recording: ReturnType<typeof recordingContext>['recording']
  }> {
    const { plugin, now, source: name } = this.#deps
    const parsed = await plugin.configSchema['~standard'].validate(this.#deps.config)
    if (parsed.issues) throw new Error(`the world's configuration is not valid: ${JSON.stringify(parsed.issues)}`)
    const { context, recording } = recordingContext({
      configDirectory: this.#deps.configDirectory,
      cacheDirectory: this.#deps.cacheDirectory,
      dryRun: options.dryRun ?? false,
      ...(name !== undefined && { source: name }),
      ...(now && { now }),
    })
    return { source: await plugin.open(parsed.value, context), recording }
  }

  /** One run. @throws what the connector throws; what was taken before stays. */
  async sync(options: SyncOptions = {}): Promise<SyncResult> {
    const { source, recording } = await this.open(options)
    const abort = new AbortController()
    const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal
    const run = new Run(this.#documents, this.#missing, source, signal, options.dryRun ?? false)
    let saved: Cursor | undefined
    let died = false
    try {
      let taken = 0
      const request = await this.#request(options)
      for await (const change of source.detector.detect(request, signal)) {
        if (taken++ === options.dieAfter) {
          died = true
          break
        }
        await run.take(JSON.parse(JSON.stringify(change)) as Change<Cursor>, change)
        if (change.kind === 'checkpoint' && options.dryRun !== true) this.#cursor = JSON.stringify(change.cursor)
      }
      if (!died && run.completed === undefined) throw new Error('the detection ended without `complete`')
      if (run.completed && options.dryRun !== true) {
        await run.applyDeletions(run.completed.listing)
        this.#cursor = JSON.stringify(run.completed.cursor)
        saved = run.completed.cursor
      }
    } finally {
      abort.abort(new Error('the run is over'))
      await source.close(saved)
    }
    return { ...run.result(), requests: { ...recording.requests }, said: recording.said }
  }

  async #request(options: SyncOptions): Promise<DetectRequest<Cursor>> {
    const saved = options.mode === 'full' ? undefined : this.cursor
    const cursor = saved === undefined ? undefined : await this.#deps.plugin.cursorSchema['~standard'].validate(saved)
    if (cursor === undefined || cursor.issues) return { mode: 'full', known: this.known }
    return { mode: 'incremental', since: cursor.value, listingDue: options.listingDue ?? false, known: this.known }
  }

  async *#ids(scope: Scope): AsyncGenerator<string> {
    const ids = [...this.#documents.values()].filter(({ stub }) => stub.scope === scope).map(({ stub }) => stub.id)
    yield* ids.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  }
}

function known(stub: DocumentStub | undefined): KnownDocument | undefined {
  if (!stub) return undefined
  const { id, scope, contentVersion, validators } = stub
  return { id, scope, contentVersion, metadataVersion: metadataVersion(stub), validators }
}

/** The version that a connector gives, else the described values themselves. */
export function metadataVersion(stub: DocumentStub): string {
  return stub.metadataVersion ?? JSON.stringify([stub.location, stub.metadata, stub.createdAt, stub.updatedAt])
}

class Run<Cursor> {
  readonly #documents: Map<string, HeldDocument>
  readonly #missing: Set<string>
  readonly #source: OpenSource<Cursor>
  readonly #signal: AbortSignal
  readonly #dryRun: boolean
  readonly #changes: Change<unknown>[] = []
  readonly #loaded: string[] = []
  readonly #described: string[] = []
  readonly #moved: string[] = []
  readonly #deleted: string[] = []
  readonly #seen = new Set<string>()
  readonly #staged = new Set<string>()
  completed: Extract<Change<Cursor>, { kind: 'complete' }> | undefined

  constructor(
    documents: Map<string, HeldDocument>,
    missing: Set<string>,
    source: OpenSource<Cursor>,
    signal: AbortSignal,
    dryRun: boolean,
  ) {
    this.#documents = documents
    this.#missing = missing
    this.#source = source
    this.#signal = signal
    this.#dryRun = dryRun
  }

  async take(change: Change<Cursor>, original: Change<Cursor>): Promise<void> {
    if (this.completed) throw new Error(`a change came after \`complete\`: ${JSON.stringify(change)}`)
    if (!isDeepStrictEqual(withoutUndefined(original), change)) throw new Error(`a change is no plain data: ${JSON.stringify(change)}`)
    this.#changes.push(change)
    if (change.kind === 'complete') this.completed = change
    else if (change.kind === 'upsert') await this.#upsert(change.stub, change.document)
    else if (change.kind === 'move') await this.#move(change)
    else if (change.kind === 'delete' || change.kind === 'skip') this.#staged.add(change.id)
  }

  async #upsert(stub: DocumentStub, carried: SourceDocument | undefined): Promise<void> {
    this.#named(stub.id)
    const held = this.#documents.get(stub.id)
    if (held?.stub.contentVersion !== stub.contentVersion) return this.#load(stub, carried)
    if (metadataVersion(held.stub) === metadataVersion(stub)) return
    this.#described.push(stub.id)
    if (!this.#dryRun) this.#documents.set(stub.id, { ...held, stub })
  }

  async #move({ from, stub, document }: Extract<Change<Cursor>, { kind: 'move' }>): Promise<void> {
    this.#named(stub.id)
    this.#moved.push(stub.id)
    const held = this.#documents.get(from)
    if (held?.stub.contentVersion !== stub.contentVersion) await this.#load(stub, document)
    else if (!this.#dryRun) this.#documents.set(stub.id, { ...held, stub })
    if (from !== stub.id) this.#staged.add(from)
  }

  async #load(stub: DocumentStub, carried: SourceDocument | undefined): Promise<void> {
    if (this.#dryRun) return
    this.#loaded.push(stub.id)
    const loaded = carried ?? (await this.#source.connector.fetch(stub, this.#signal))
    if (loaded === 'gone') return
    const { stub: fetched, ...document } = JSON.parse(JSON.stringify(loaded)) as SourceDocument
    if (fetched.id !== stub.id) throw new Error(`fetch of ${stub.id} returned ${fetched.id}`)
    this.#documents.set(stub.id, { stub: fetched, document })
  }

  #named(id: string): void {
    this.#seen.add(id)
    this.#missing.delete(id)
    this.#staged.delete(id)
  }

  async applyDeletions(listing: Listing): Promise<void> {
    if (listing !== 'changes') await this.#sweep(listing)
    for (const id of this.#staged) {
      if (this.#documents.delete(id)) this.#deleted.push(id)
    }
  }

  async #sweep({ everythingIn, configured }: Exclude<Listing, 'changes'>): Promise<void> {
    const held = [...this.#documents.values()].map(({ stub }) => stub)
    for (const { id, scope } of held) if (!configured.includes(scope)) this.#staged.add(id)
    const absent = held.filter(({ id, scope }) => everythingIn.includes(scope) && !this.#seen.has(id) && !this.#staged.has(id))
    const verdicts = await this.#source.detector.judge?.(absent.map(({ id }) => id), this.#signal)
    for (const { id } of absent) {
      const verdict = verdicts?.get(id) ?? 'unknown'
      const confirmed = verdicts ? !['present', 'unknown'].includes(verdict) : this.#missing.has(id)
      if (confirmed) this.#staged.add(id)
      else if (!verdicts) this.#missing.add(id)
    }
  }

  result(): Omit<SyncResult, 'requests' | 'said'> {
    return {
      changes: this.#changes,
      listing: this.completed?.listing,
      loaded: this.#loaded,
      described: this.#described,
      moved: this.#moved,
      deleted: this.#deleted,
    }
  }
}

/** A field that is undefined and one that is absent are the same plain data. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, withoutUndefined(item)]])))
}

/** What a connector threw, as the LoaderError that it has to be. */
export async function loaderErrorOf(work: Promise<unknown>): Promise<LoaderError> {
  const error: unknown = await work.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  )
  if (isLoaderError(error)) return error
  throw new Error(`expected a LoaderError, got ${String(error)}`, { cause: error })
}
