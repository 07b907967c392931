import {
  type Change,
  type ConnectorContext,
  type ConnectorPlugin,
  type Detection,
  type DetectRequest,
  defineConnector,
  type DocumentStub,
  type KnownDocument,
  LoaderError,
  type Presence,
  type SourceDocument,
  type UnreadableScope,
} from '@qdrant-loader/connector-sdk'
import { z } from 'zod'

/** A document of the scripted source. */
export interface ScriptedDocument {
  readonly text: string
  readonly scope?: string
  readonly title?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly dependsOn?: readonly string[]
  /** Its version; default: the text itself. */
  readonly version?: string
  readonly validators?: string
}

const cursorSchema = z.strictObject({ revision: z.int(), after: z.string().optional() })
type Cursor = z.infer<typeof cursorSchema>

/**
 * A source in memory that keeps a log of its own changes, with every behaviour a detector may have: incremental and
 * complete listings, checkpoints, moves, judging, and whatever failure a test asks for.
 */
export class ScriptedSource {
  readonly documents = new Map<string, ScriptedDocument>()
  #log: { readonly revision: number; readonly id: string; readonly movedFrom?: string }[] = []
  #revision = 0
  /** Scopes that the configuration selects. */
  configured: readonly string[] = ['all']
  /** Scopes that cannot be listed now. */
  readonly unreadable = new Set<string>()
  /** A checkpoint after so many changes of a listing; 0 for none. */
  checkpointEvery = 0
  judges = true
  selection = 'all'
  extraction = 1
  /** Called before each change that is yielded; throw in it to break the detection off. */
  onChange: (index: number) => void | Promise<void> = () => {}
  /** Called when the source is asked whether it can be reached. */
  onCheck: () => void = () => {}
  /** Called by each read; throw in it to fail, or answer `gone`. */
  onFetch: (id: string) => 'gone' | void | Promise<'gone' | void> = () => {}
  /** Told what the host remembers of each document, before the first change of a detection. */
  onKnown: ((known: KnownDocument | undefined) => void) | undefined
  detections: string[] = []
  fetched: string[] = []
  closedWith: unknown[] = []

  /** `count` documents, `doc0` and so on, of three paragraphs each. */
  fill(count: number): void {
    for (let index = 0; index < count; index += 1) this.put(`doc${index}`, `first of ${index}\n\nsecond of ${index}\n\nthird of ${index}`)
  }

  put(id: string, document: ScriptedDocument | string): void {
    this.documents.set(id, typeof document === 'string' ? { text: document } : document)
    this.#record(id)
  }

  delete(id: string): void {
    this.documents.delete(id)
    this.#record(id)
  }

  /** Gone without a trace in the log: only a complete listing shows it. */
  vanish(id: string): void {
    this.documents.delete(id)
  }

  move(from: string, to: string): void {
    const document = this.documents.get(from)
    if (document === undefined) throw new Error(`there is no ${from}`)
    this.documents.delete(from)
    this.documents.set(to, document)
    this.#revision += 1
    this.#log.push({ revision: this.#revision, id: to, movedFrom: from })
  }

  #record(id: string): void {
    this.#revision += 1
    this.#log.push({ revision: this.#revision, id })
  }

  stub(id: string): DocumentStub {
    const document = this.documents.get(id)
    if (document === undefined) throw new Error(`there is no ${id}`)
    return {
      id,
      scope: document.scope ?? 'all',
      contentVersion: document.version ?? document.text,
      location: { url: `test://source/${id}`, path: id, ...(document.title === undefined ? {} : { title: document.title }) },
      metadata: document.metadata ?? {},
      ...(document.validators === undefined ? {} : { validators: document.validators }),
    }
  }

  plugin(): ConnectorPlugin<unknown, Cursor> {
    return defineConnector<unknown, Cursor>({
      apiVersion: 1,
      type: 'scripted',
      configSchema: z.strictObject({}),
      cursorSchema,
      capabilities: { identity: 'location', judges: this.judges, reportsDeletions: true },
      fingerprints: () => ({ selection: this.selection, extraction: this.extraction }),
      open: async (_config, context) => ({
        detector: {
          detect: (request, signal) => this.#detect(request, context, signal),
          ...(this.judges ? { judge: async (ids: readonly string[]) => this.#judge(ids) } : {}),
        },
        reader: { read: async (stub) => this.#fetch(stub, context) },
        check: async () => {
          this.onCheck()
          return 'reachable'
        },
        close: async (committed) => {
          this.closedWith.push(committed)
        },
      }),
    })
  }

  async *#detect(request: DetectRequest<Cursor>, context: ConnectorContext, signal: AbortSignal): Detection<Cursor> {
    context.count('source')
    const since = request.mode === 'incremental' ? request.since : undefined
    const listing = since === undefined || since.after !== undefined || (request.mode === 'incremental' && request.listingDue)
    this.detections.push(`${request.mode}${listing ? ' listing' : ''}`)
    if (this.onKnown !== undefined) for (const id of this.documents.keys()) this.onKnown(await request.known.of(id))
    let index = 0
    const cursor = { revision: this.#revision }
    for (const change of listing ? this.#list(since?.after) : this.#changesSince(since?.revision ?? 0)) {
      signal.throwIfAborted()
      await this.onChange(index)
      yield change
      index += 1
      if (listing && this.checkpointEvery > 0 && index % this.checkpointEvery === 0 && change.kind === 'upsert') {
        // The revision of the listing's start: what changes meanwhile is named by the next incremental detection.
        yield { kind: 'checkpoint', cursor: { revision: since?.after === undefined ? cursor.revision : since.revision, after: change.stub.id } }
      }
    }
    await this.onChange(index)
    yield {
      kind: 'complete',
      cursor: since?.after === undefined ? cursor : { revision: since.revision },
      ...(this.unreadable.size > 0 && { unreadable: [...this.unreadable].map(unreadableScope) }),
      listing: listing
        ? { everythingIn: this.configured.filter((scope) => !this.unreadable.has(scope)), configured: this.configured }
        : 'changes',
    }
  }

  *#list(after: string | undefined): Generator<Change<Cursor>> {
    for (const id of [...this.documents.keys()].sort()) {
      if (after !== undefined && id <= after) continue
      const stub = this.stub(id)
      if (this.configured.includes(stub.scope) && !this.unreadable.has(stub.scope)) yield { kind: 'upsert', stub }
    }
  }

  *#changesSince(revision: number): Generator<Change<Cursor>> {
    for (const { id, movedFrom } of this.#log.filter((entry) => entry.revision > revision)) {
      if (!this.documents.has(id)) yield { kind: 'delete', id, verdict: 'deleted' }
      else if (movedFrom === undefined || this.documents.has(movedFrom)) yield { kind: 'upsert', stub: this.stub(id) }
      else yield { kind: 'move', from: movedFrom, stub: this.stub(id) }
    }
  }

  async #fetch(stub: DocumentStub, context: ConnectorContext): Promise<SourceDocument | 'gone'> {
    context.count('content')
    this.fetched.push(stub.id)
    const answer = await this.onFetch(stub.id)
    const document = this.documents.get(stub.id)
    if (answer === 'gone' || document === undefined) return 'gone'
    return {
      stub: this.stub(stub.id),
      text: this.#expand(document.text),
      format: 'text',
      contentType: 'text/plain',
      dependsOn: document.dependsOn ?? [],
      ...(document.text.trim() === '' ? { skipped: 'empty' } : {}),
    }
  }

  /** `{{id}}` is replaced by the text of that document. */
  #expand(text: string): string {
    return text.replace(/\{\{(\w+)\}\}/g, (_match, id: string) => this.documents.get(id)?.text ?? '')
  }

  #judge(ids: readonly string[]): Map<string, Presence> {
    return new Map(ids.map((id) => [id, this.documents.has(id) ? 'present' : 'deleted']))
  }
}

/** A failure as connectors report it. */
function unreadableScope(scope: string): UnreadableScope {
  return { scope, code: 'test_scope_unreadable', kind: 'auth', message: `${scope} cannot be read`, hint: 'ask for permission' }
}

export function failure(kind: 'transient' | 'document' | 'auth', code = `test_${kind}`): LoaderError {
  return new LoaderError({ code, kind, message: `a ${kind} failure`, hint: 'do something about it' })
}
