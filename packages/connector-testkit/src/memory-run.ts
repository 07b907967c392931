import { isDeepStrictEqual } from 'node:util'
import type { Change, DocumentStub, Listing, OpenedSource, SourceDocument } from '@qdrant-loader/connector-sdk'

/** A document as the host holds it. */
export interface HeldDocument {
  readonly stub: DocumentStub
  readonly document: Omit<SourceDocument, 'stub'>
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
}

/** The version that a connector gives, else the described values themselves. */
export function metadataVersion(stub: DocumentStub): string {
  return stub.metadataVersion ?? JSON.stringify([stub.location, stub.metadata, stub.createdAt, stub.updatedAt])
}

/** The effects of one detection on the documents of a host. */
export class MemoryRun<Cursor> {
  readonly #documents: Map<string, HeldDocument>
  readonly #missing: Set<string>
  readonly #source: OpenedSource<Cursor>
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
    source: OpenedSource<Cursor>,
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
    const loaded = carried ?? (await this.#source.reader.read(stub, this.#signal))
    if (loaded === 'gone') return
    const { stub: fetched, ...document } = JSON.parse(JSON.stringify(loaded)) as SourceDocument
    if (fetched.id !== stub.id) throw new Error(`read of ${stub.id} returned ${fetched.id}`)
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

  result(): MemoryRunResult {
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
