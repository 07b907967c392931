import { isLoaderError, LoaderError } from '@qdrant-loader/connector-sdk'
import type {
  Change,
  ConnectorPlugin,
  DetectRequest,
  DocumentStub,
  Json,
  KnownDocument,
  KnownDocuments,
  OpenedSource,
  RetryPolicy,
  Scope,
} from '@qdrant-loader/connector-sdk'
import { metadataVersion, MemoryRun, plainData } from './memory-run.ts'
import type { HeldDocument, MemoryRunResult, MemoryState } from './memory-run.ts'
import { recordingContext } from './recording-context.ts'

/** How one sync is done. */
export interface SyncOptions {
  /** `full` forgets the cursor. Default: incremental when there is a cursor. */
  readonly mode?: 'full' | 'incremental' | undefined
  readonly listingDue?: boolean | undefined
  /** Looks, and changes nothing. */
  readonly dryRun?: boolean | undefined
  /** The host dies after this many changes: nothing more is taken, nothing is closed in order. */
  readonly dieAfter?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Called when a change came, before it is taken, with how many came before it. */
  readonly during?: ((before: number) => Promise<void> | void) | undefined
}

/** What one sync did. */
export interface SyncResult extends MemoryRunResult {
  readonly requests: { readonly source: number; readonly content: number }
  readonly said: readonly string[]
}

/** What a {@link MemoryHost} needs. */
export interface MemoryHostDeps<Config = unknown, Cursor = unknown> {
  readonly plugin: ConnectorPlugin<Config, Cursor>
  /** As the user writes it. */
  readonly config: unknown
  readonly configDirectory: string
  readonly cacheDirectory: string
  readonly source?: string | undefined
  readonly now?: (() => number) | undefined
  /** Default: as configurations have it by default, with its waits. */
  readonly retry?: RetryPolicy | undefined
  /** Replaced by `***` where the connector redacts. Default: none. */
  readonly secrets?: readonly string[] | undefined
}

/**
 * The smallest host that does what the contract says, with its state in memory and every value passed through JSON.
 * The rules are those of the real one: effect before cursor, deletions last, absence needs a listing and a judgement
 * (or a second listing), and a sweep only in scopes that are vouched for.
 */
export class MemoryHost<Config = unknown, Cursor = unknown> {
  readonly #deps: MemoryHostDeps<Config, Cursor>
  readonly #state: MemoryState = { documents: new Map(), missing: new Set(), ledger: new Map() }
  readonly #said: string[] = []
  #cursor: string | undefined

  constructor(deps: MemoryHostDeps<Config, Cursor>) {
    this.#deps = deps
  }

  /** What is held, by id. Documents without text (`skipped`) are held as well. */
  get documents(): ReadonlyMap<string, HeldDocument> {
    return this.#state.documents
  }

  /** The texts that a search would find. */
  get texts(): Map<string, string> {
    const indexed = [...this.#state.documents].filter(([, { document }]) => document.skipped === undefined)
    return new Map(indexed.map(([id, { document }]) => [id, document.text]))
  }

  /** Log lines and progress texts of all runs, also of those that threw. */
  get said(): readonly string[] {
    return this.#said
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
    const of = (id: string) => known(this.#state.documents.get(id)?.stub)
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

  /** Another host with the same state, as a backup that was restored; with another cache folder when it is given. */
  copy(cacheDirectory = this.#deps.cacheDirectory): MemoryHost<Config, Cursor> {
    const copy = new MemoryHost({ ...this.#deps, cacheDirectory })
    for (const [id, held] of this.#state.documents) copy.#state.documents.set(id, held)
    for (const id of this.#state.missing) copy.#state.missing.add(id)
    for (const [id, stub] of this.#state.ledger) copy.#state.ledger.set(id, stub)
    copy.#cursor = this.#cursor
    return copy
  }

  /**
   * A detection on its own: nothing is read, applied or saved.
   *
   * @throws what the connector throws.
   */
  async detect(options: Pick<SyncOptions, 'mode' | 'listingDue' | 'signal' | 'during'> = {}): Promise<readonly Change<Cursor>[]> {
    const { source } = await this.open()
    const signal = options.signal ?? new AbortController().signal
    const changes: Change<Cursor>[] = []
    try {
      for await (const change of source.detector.detect(await this.request(options), signal)) {
        await options.during?.(changes.length)
        changes.push(plainData(change, 'a change'))
      }
      return changes
    } finally {
      await source.close(undefined)
    }
  }

  /** Opens the source. The caller closes it. */
  async open(options: Pick<SyncOptions, 'dryRun'> = {}): Promise<{
    readonly source: OpenedSource<Cursor>
    readonly recording: ReturnType<typeof recordingContext>['recording']
  }> {
    const { plugin, now, retry, source: name } = this.#deps
    const parsed = await plugin.configSchema['~standard'].validate(this.#deps.config)
    if (parsed.issues) throw new Error(`the world's configuration is not valid: ${JSON.stringify(parsed.issues)}`)
    const { context, recording } = recordingContext({
      configDirectory: this.#deps.configDirectory,
      cacheDirectory: this.#deps.cacheDirectory,
      dryRun: options.dryRun ?? false,
      source: name,
      now,
      retry,
      secrets: this.#deps.secrets,
      tell: (text) => this.#said.push(text),
    })
    return { source: await plugin.open(parsed.value, context), recording }
  }

  /** One run. @throws what the connector throws; what was taken before stays. */
  async sync(options: SyncOptions = {}): Promise<SyncResult> {
    const { source, recording } = await this.open(options)
    const abort = new AbortController()
    const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal
    const run = new MemoryRun(this.#state, source, signal, options.dryRun ?? false)
    let saved: Cursor | undefined
    let died = false
    try {
      let taken = 0
      const request = await this.request(options)
      for await (const change of source.detector.detect(request, signal)) {
        if (taken++ === options.dieAfter) {
          died = true
          break
        }
        await options.during?.(taken - 1)
        await run.take(change)
        if (change.kind === 'checkpoint' && options.dryRun !== true) this.#cursor = JSON.stringify(change.cursor)
      }
      if (!died && run.completed === undefined) throw new Error('the detection ended without `complete`')
      if (run.completed && options.dryRun !== true) {
        await run.retryFailed()
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

  /** What the next detection is asked for, by the cursor that is held. */
  async request(options: Pick<SyncOptions, 'mode' | 'listingDue'> = {}): Promise<DetectRequest<Cursor>> {
    const saved = options.mode === 'full' ? undefined : this.cursor
    const cursor = saved === undefined ? undefined : await this.#deps.plugin.cursorSchema['~standard'].validate(saved)
    if (cursor === undefined || cursor.issues) return { mode: 'full', known: this.known }
    return { mode: 'incremental', since: cursor.value, listingDue: options.listingDue ?? false, known: this.known }
  }

  async *#ids(scope: Scope): AsyncGenerator<string> {
    const ids = [...this.#state.documents.values()].filter(({ stub }) => stub.scope === scope).map(({ stub }) => stub.id)
    yield* ids.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  }
}

function known(stub: DocumentStub | undefined): KnownDocument | undefined {
  if (!stub) return undefined
  const { id, scope, contentVersion, validators } = stub
  return { id, scope, contentVersion, metadataVersion: metadataVersion(stub), validators }
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
