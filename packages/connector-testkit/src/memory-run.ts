import { isDeepStrictEqual } from 'node:util'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { Change, DocumentStub, Listing, OpenedSource, SourceDocument } from '@qdrant-loader/connector-sdk'

/** A document as the host holds it. */
export interface HeldDocument {
  readonly stub: DocumentStub
  readonly document: Omit<SourceDocument, 'stub'>
}

/** What a host remembers from run to run. */
export interface MemoryState {
  readonly documents: Map<string, HeldDocument>
  /** Missed by one listing, by a connector that cannot judge. */
  readonly missing: Set<string>
  /** Documents that could not be read, to be tried again by the next run though nobody names them: the failure ledger. */
  readonly ledger: Map<string, DocumentStub>
}

/** What one run did. */
export interface MemoryRunResult {
  readonly changes: readonly Change<unknown>[]
  readonly listing: Listing | undefined
  /** Ids whose content was asked for (or came with the listing). */
  readonly loaded: readonly string[]
  /** Ids whose payload alone changed. */
  readonly described: readonly string[]
  readonly moved: readonly string[]
  readonly deleted: readonly string[]
  /** Ids that could not be read. The host holds their last good text, and the next run tries again. */
  readonly failed: readonly string[]
}

/** The version that a connector gives, else the described values themselves. */
export function metadataVersion(stub: DocumentStub): string {
  return stub.metadataVersion ?? JSON.stringify([stub.location, stub.metadata, stub.createdAt, stub.updatedAt])
}

/** The effects of one detection on the documents of a host. */
export class MemoryRun<Cursor> {
  readonly #documents: Map<string, HeldDocument>
  readonly #missing: Set<string>
  readonly #ledger: Map<string, DocumentStub>
  readonly #source: OpenedSource<Cursor>
  readonly #signal: AbortSignal
  readonly #dryRun: boolean
  readonly #changes: Change<unknown>[] = []
  readonly #loaded: string[] = []
  readonly #described: string[] = []
  readonly #moved: string[] = []
  readonly #deleted: string[] = []
  readonly #failed: string[] = []
  readonly #seen = new Set<string>()
  readonly #staged = new Set<string>()
  completed: Extract<Change<Cursor>, { kind: 'complete' }> | undefined

  constructor({ documents, missing, ledger }: MemoryState, source: OpenedSource<Cursor>, signal: AbortSignal, dryRun: boolean) {
    this.#documents = documents
    this.#missing = missing
    this.#ledger = ledger
    this.#source = source
    this.#signal = signal
    this.#dryRun = dryRun
  }

  async take(given: Change<Cursor>): Promise<void> {
    const change = plainData(given, 'a change')
    if (this.completed) throw new Error(`a change came after \`complete\`: ${JSON.stringify(change)}`)
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
    if (metadataVersion(held.stub) === metadataVersion(stub)) return this.#validated(held, stub)
    this.#described.push(stub.id)
    if (!this.#dryRun) this.#documents.set(stub.id, { ...held, stub })
  }

  /** An unchanged document: nothing but what the detector wants back is recorded. */
  #validated(held: HeldDocument, { validators }: DocumentStub): void {
    if (this.#dryRun || isDeepStrictEqual(held.stub.validators, validators)) return
    const { validators: _replaced, ...stub } = held.stub
    this.#documents.set(stub.id, { ...held, stub: { ...stub, ...(validators !== undefined && { validators }) } })
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
    const loaded = carried ?? (await this.#fetched(stub))
    if (loaded === 'failed') return
    this.#ledger.delete(stub.id)
    if (loaded === 'gone') return
    const { stub: fetched, ...document } = plainData(loaded, `what was read of ${stub.id}`)
    if (fetched.id !== stub.id) throw new Error(`read of ${stub.id} returned ${fetched.id}`)
    this.#documents.set(stub.id, { stub: fetched, document })
  }

  /** As the real host: a document that cannot be read fails alone; what keeps everybody out ends the run. */
  async #fetched(stub: DocumentStub): Promise<SourceDocument | 'gone' | 'failed'> {
    try {
      return await this.#source.reader.read(stub, this.#signal)
    } catch (error) {
      if (!isLoaderError(error) || !['document', 'transient'].includes(error.kind)) throw error
      this.#failed.push(stub.id)
      this.#ledger.set(stub.id, stub)
      return 'failed'
    }
  }

  /** Documents that failed in an earlier run and that this one did not name. */
  async retryFailed(): Promise<void> {
    for (const [id, stub] of this.#ledger) if (!this.#seen.has(id) && !this.#staged.has(id)) await this.#load(stub, undefined)
  }

  #named(id: string): void {
    this.#seen.add(id)
    this.#missing.delete(id)
    this.#staged.delete(id)
  }

  async applyDeletions(listing: Listing): Promise<void> {
    if (listing !== 'changes') await this.#sweep(listing)
    for (const id of this.#staged) {
      this.#ledger.delete(id)
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

  result(): MemoryRunResult {
    return {
      changes: this.#changes,
      listing: this.completed?.listing,
      loaded: this.#loaded,
      described: this.#described,
      moved: this.#moved,
      deleted: this.#deleted,
      failed: this.#failed,
    }
  }
}

/** The value as a state file or another machine gets it. @throws where that is another value. */
export function plainData<Value>(value: Value, what: string): Value {
  const text = JSON.stringify(value)
  const copy = JSON.parse(text) as Value
  if (!isDeepStrictEqual(withoutUndefined(value), copy)) throw new Error(`${what} is not plain data: JSON makes ${text.slice(0, 500)} of it`)
  return copy
}

/** A field that is undefined and one that is absent are the same plain data. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, withoutUndefined(item)]])))
}
