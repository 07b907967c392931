import type { Change, DocumentStub, KnownDocument, KnownDocuments, SourceDocument } from '@qdrant-loader/connector-sdk'
import { batches, headFields, KEY_FIELDS } from '../api/issue-reader.ts'
import type { IssueReader } from '../api/issue-reader.ts'
import type { ReadsById } from '../api/reads-by-id.ts'
import { utcOf } from '../api/utc-time.ts'
import type { JiraCursor } from '../cursor.ts'
import type { IssueBean, IssueRow } from '../schemas.ts'
import { QUERY_SCOPE } from '../selection.ts'
import type { JiraSource } from '../source/jira-source.ts'
import type { ProjectRoster } from '../source/project-roster.ts'
import { asJson, Validators, validatorsOf } from '../validators.ts'
import { Neighbourhood } from './neighbourhood.ts'
import { Renames } from './renames.ts'

type JiraChange = Change<JiraCursor>

/** Ids that are looked up at once. */
const LOOKUP_SIZE = 1_000
/** Issues that are edited while they are read may disagree about each other again; the next run goes on. */
const MOST_READS = 3
/** Requests for bodies that are under way while earlier ones are handed on. */
const AHEAD = 2

interface DetectionPassDeps {
  readonly source: JiraSource
  readonly reads: ReadsById
  readonly reader: IssueReader
  readonly progress: (activity: string) => void
  readonly known: KnownDocuments
  readonly roster: ProjectRoster
  readonly signal: AbortSignal
  /** Where a complete listing begins to look for new names; undefined: it looks at all. */
  readonly namesAfter: JiraCursor['names'] | undefined
}

/** Turns the rows of one listing into changes. */
export class DetectionPass {
  readonly #deps: DetectionPassDeps
  readonly #neighbourhood: Neighbourhood
  readonly #renames: Renames
  /** How often issues were read in this pass. */
  readonly #reads = new Map<string, number>()
  /** Scopes of which at least one issue was found. */
  readonly scopesSeen = new Set<string>()

  constructor(deps: DetectionPassDeps) {
    this.#deps = deps
    const scopes = deps.source.selection.query === undefined ? deps.roster.readableScopes : [QUERY_SCOPE]
    this.#renames = new Renames({ ...deps, after: deps.namesAfter })
    this.#neighbourhood = new Neighbourhood(deps.known, scopes, deps.source.namesSubtasks)
  }

  /** Where the next complete listing goes on to look for new names. */
  get namesNext(): JiraCursor['names'] {
    return this.#renames.next
  }

  /**
   * Names every listed issue: as it is known, or read anew. `versions` false: rows without `updated` are of issues that
   * were not updated since the complete listing before.
   */
  async *everything(rows: ReadonlyMap<string, IssueRow>, versions: boolean): AsyncGenerator<JiraChange> {
    const { source, signal } = this.#deps
    const reading = await source.reading(signal)
    const unread: IssueRow[] = []
    for (const batch of batches([...rows.values()], LOOKUP_SIZE)) {
      const known = await this.#deps.known.ofMany(batch.map(({ id }) => id))
      for (const row of batch) {
        const document = known.get(row.id)
        const validators = validatorsOf(document)
        const isKnown = validators !== undefined && (versions || row.fields !== undefined ? isAsKnown(row, validators) : validators.updated !== null)
        if (document && isKnown && validators.reading === reading.hash) {
          this.scopesSeen.add(document.scope)
          this.#renames.noteKey(row.id, row.key ?? validators.key)
          this.#neighbourhood.noteUnchanged(row.id, validators)
          this.#renames.note(row.id, validators)
          yield { kind: 'upsert', stub: this.#seen(row.key ?? validators.key, document) }
        } else unread.push(row)
      }
    }
    yield* this.#read(unread)
    yield* this.#followNames()
    await this.#lookOutside(this.#neighbourhood.outside(rows))
    yield* this.#readNeighbours()
  }

  /**
   * Names what changed among rows of the unfiltered query. `selected` tells the ids of those that pass the filters
   * (undefined: all do); it is asked only when that matters.
   */
  async *changes(rows: ReadonlyMap<string, IssueRow>, selected: () => Promise<ReadonlySet<string> | undefined>): AsyncGenerator<JiraChange> {
    const unread: IssueRow[] = []
    const unknown: IssueRow[] = []
    for (const batch of batches([...rows.values()], LOOKUP_SIZE)) {
      const known = await this.#deps.known.ofMany(batch.map(({ id }) => id))
      for (const row of batch) {
        const document = known.get(row.id)
        const validators = validatorsOf(document)
        if (document === undefined) unknown.push(row)
        else if (validators === undefined || !isAsKnown(row, validators)) unread.push(row)
        // A run that died may have recorded it, and not what it changes in the issues that it names.
        else this.#neighbourhood.noteUnchanged(row.id, validators)
      }
    }
    let fitting: ReturnType<typeof selected> | undefined
    const selection = () => (fitting ??= selected())
    const fits = unknown.length > 0 ? await selection() : undefined
    const unfit = async (change: JiraChange): Promise<JiraChange> => {
      // Filters name statuses and types. When one was renamed no issue passes, and Jira refuses the query: take nothing out then.
      if (change.kind === 'delete') await selection()
      return change
    }
    for await (const change of this.#read([...unread, ...unknown.filter(({ id }) => fits?.has(id) ?? true)])) yield await unfit(change)
    for await (const change of this.#readNeighbours()) yield await unfit(change)
  }

  /** Reads in bulk, some requests ahead, and names what it finds. */
  async *#read(rows: readonly IssueRow[]): AsyncGenerator<JiraChange> {
    const { reader, progress, signal } = this.#deps
    const pending: { readonly rows: readonly IssueRow[]; readonly answer: Promise<readonly JiraChange[]> }[] = []
    let count = 0
    try {
      for (const batch of batches(rows, reader.batchSize)) {
        const answer = this.#readBatch(batch)
        answer.catch(() => undefined)
        pending.push({ rows: batch, answer })
        if (pending.length <= AHEAD) continue
        const [next] = pending.splice(0, 1)
        yield* (await next?.answer) ?? []
        count += next?.rows.length ?? 0
        progress(`read ${count} of ${rows.length} issues`)
        signal.throwIfAborted()
      }
      for (const { answer } of pending) yield* await answer
    } finally {
      await Promise.allSettled(pending.map(({ answer }) => answer))
    }
  }

  async #readBatch(rows: readonly IssueRow[]): Promise<readonly JiraChange[]> {
    const { reader, source, known, signal } = this.#deps
    const ids = rows.map(({ id }) => id)
    const before = await known.ofMany(ids)
    const reading = await source.reading(signal)
    const { read, failed } = await reader.read(ids, reading.extraFields, signal)
    const documents = await source.documentsOf(read.values(), signal)
    const changes: JiraChange[] = []
    for (const row of rows) {
      this.#reads.set(row.id, (this.#reads.get(row.id) ?? 0) + 1)
      const whole = read.get(row.id)
      if (whole) changes.push(...this.#named(whole.issue, documents.get(row.id), before.get(row.id)))
      // Reading it alone fails as well, and its reason goes to the failure ledger.
      else if (failed.has(row.id)) changes.push({ kind: 'upsert', stub: await this.#unread(row) })
      else this.#neighbourhood.noteGone(row.id, before.get(row.id))
    }
    return changes
  }

  #named(issue: IssueBean, read: SourceDocument | undefined, before: KnownDocument | undefined): readonly JiraChange[] {
    const last = validatorsOf(before)?.key
    this.#renames.noteKey(issue.id, issue.key, last === issue.key ? undefined : last)
    const document = read && this.#withNames(read)
    this.#neighbourhood.noteRead(issue, before, document && Validators.parse(document.stub.validators))
    if (document === undefined) return before && !this.#mayBeUnreadable(issue) ? [{ kind: 'delete', id: issue.id, verdict: 'out-of-scope' }] : []
    this.scopesSeen.add(document.stub.scope)
    return [upsertOf(document)]
  }

  #mayBeUnreadable({ fields: { project, status, issuetype } }: IssueBean): boolean {
    const { source, roster } = this.#deps
    return source.selection.mayBeUnreadable({ projectId: project.id, status, type: issuetype }, roster)
  }

  /** What was looked up before an issue was read is remembered in the place of what its text shows, which may be an old name for ever. */
  #withNames(document: SourceDocument): SourceDocument {
    const validators = Validators.parse(document.stub.validators)
    return { ...document, stub: { ...document.stub, validators: asJson({ ...validators, shown: this.#renames.lookedUp(validators.shown) }) } }
  }

  /** Names again what shows a name that is no longer right: by its payload alone, unless the name is in its text. */
  async *#followNames(): AsyncGenerator<JiraChange> {
    const { source, signal } = this.#deps
    this.#deps.progress('looking for new names')
    const { payload, text } = await this.#renames.find(await source.reading(signal))
    const edited: IssueRow[] = []
    for (const batch of batches(payload, this.#deps.reads.batchSize)) yield* this.#describe(batch, edited)
    yield* this.#read([...text.map((id) => ({ id })), ...edited])
  }

  /** Reads everything but the text. What was edited meanwhile, was not delivered, or is no longer selected, is read as a whole. */
  async *#describe(ids: readonly string[], edited: IssueRow[]): AsyncGenerator<JiraChange> {
    const { source, reads, known, signal } = this.#deps
    const { extraFields } = await source.reading(signal)
    const { issues, failed, unsure, at } = await reads.issues(ids, headFields(extraFields), 'source', signal)
    const held = await known.ofMany(ids)
    for (const id of [...failed.keys(), ...unsure]) edited.push({ id })
    for (const issue of issues) {
      const document = held.get(issue.id)
      const stub = document && (await this.#described(issue, document, at))
      if (stub === undefined) edited.push({ id: issue.id, key: issue.key, fields: { updated: issue.fields.updated } })
      else {
        this.#neighbourhood.noteRead(issue, document, Validators.parse(stub.validators))
        yield { kind: 'upsert', stub }
      }
    }
  }

  async #described(issue: IssueBean, document: KnownDocument, at: number): Promise<DocumentStub | undefined> {
    const validators = validatorsOf(document)
    if (validators === undefined || !isUpdatedAt(issue.fields.updated, validators)) return undefined
    const { contentVersion } = document
    return await this.#deps.source.stubOf({ issue, at, contentVersion, shown: validators.shown }, this.#deps.signal)
  }

  /** Issues that are linked and not selected: they are moved and deleted without any listing or `updated` telling. */
  async #lookOutside(ids: readonly string[]): Promise<void> {
    const { reads, signal } = this.#deps
    for (const batch of batches(ids, reads.batchSize)) {
      const { issues, failed, unsure } = await reads.issues(batch, KEY_FIELDS, 'source', signal)
      const keys = new Map(issues.map(({ id, key }) => [id, key]))
      for (const id of batch) if (!failed.has(id) && !unsure.has(id)) this.#neighbourhood.noteOutside(id, keys.get(id))
    }
  }

  /** Issues whose payload names one that was moved, deleted or linked: their own `updated` does not tell. */
  async *#readNeighbours(): AsyncGenerator<JiraChange> {
    for (;;) {
      const ids = (await this.#neighbourhood.toRead()).filter((id) => (this.#reads.get(id) ?? 0) < MOST_READS)
      if (ids.length === 0) return
      yield* this.#read(ids.map((id) => ({ id })))
    }
  }

  /** An issue that nobody has read yet: its version is its time. */
  async #unread(row: IssueRow): Promise<DocumentStub> {
    const { roster, source, known } = this.#deps
    const scope = (await known.of(row.id))?.scope ?? (source.selection.query === undefined ? roster.readableScopes[0] : QUERY_SCOPE)
    return { id: row.id, scope: scope ?? QUERY_SCOPE, contentVersion: `unread ${row.fields?.updated ?? ''}`, location: { url: source.urlOf(row.key ?? row.id) } }
  }

  #seen(key: string, { id, scope, contentVersion, metadataVersion, validators }: KnownDocument): DocumentStub {
    const location = { url: this.#deps.source.urlOf(key) }
    return { id, scope, contentVersion, metadataVersion, location, ...(validators !== undefined && { validators }) }
  }
}

function upsertOf(document: SourceDocument): JiraChange {
  return { kind: 'upsert', stub: document.stub, document }
}

/** A row that shows the issue as it was read. A key changes without `updated` when its project gets another one. */
function isAsKnown({ key, fields }: IssueRow, validators: Validators | undefined): boolean {
  if (validators === undefined || fields?.updated === undefined) return false
  return isUpdatedAt(fields.updated, validators) && validators.key === key
}

function isUpdatedAt(time: string, { updated }: Validators): boolean {
  return updated === (utcOf(time) ?? time)
}
