import type { Change, DeletionVerdict, DocumentStub, KnownDocument, KnownDocuments, SkipReason } from '@qdrant-loader/connector-sdk'
import { keepsText } from '@qdrant-loader/content/formats'
import type { GitCursor } from '../cursor.ts'
import type { Git } from '../git/git-process.ts'
import { idToText } from '../git/path-id.ts'
import { sizesOf, sizesOfEntries } from '../repository/blob-sizes.ts'
import type { BlobSupply } from '../repository/blob-supply.ts'
import { makeStub } from '../stub.ts'
import { ATTRIBUTES_FILE } from '../tree/marked-files.ts'
import type { LeftOutFiles } from '../repository/left-out-files.ts'
import { historyBetween, historyOf, mergeHistory } from '../tree/history.ts'
import type { HistoryChange, PathHistory } from '../tree/history.ts'
import { diffTrees, entriesAt, listTree } from '../tree/tree.ts'
import type { TreeChange, TreeEntry } from '../tree/tree.ts'
import { historyFrom } from '../validators.ts'

type GitChange = Change<GitCursor>
type HistoryLog = ReadonlyMap<string, HistoryChange>

/** What one detection works with. */
export interface DetectionPassDeps {
  readonly git: Git
  /** The commit that everything named is at. */
  readonly commit: string
  readonly known: KnownDocuments
  readonly signal: AbortSignal
  readonly selects: (path: string) => boolean
  /** What is left out although it is selected. */
  readonly leftOut: LeftOutFiles
  readonly maxFileSize: number
  readonly maxFiles: number
  /** The content of files that the copy lacks. */
  readonly blobs: BlobSupply
  readonly urlOf: (id: string) => string
  readonly progress: (activity: string) => void
}

/** A document that is certain but for its history. */
interface Untimed {
  readonly entry: TreeEntry
  readonly movedFrom: string | undefined
}

const BATCH = 500

/** One detection that has to look at trees. Names changes; the detector decides what they amount to. */
export class DetectionPass {
  readonly #deps: DetectionPassDeps
  readonly #untimed: Untimed[] = []

  constructor(deps: DetectionPassDeps) {
    this.#deps = deps
  }

  /** Every document, with its whole history. */
  async *listAnew(): AsyncGenerator<GitChange> {
    const { git, commit, maxFiles, signal, progress } = this.#deps
    progress('listing files')
    const attributes: TreeEntry[] = []
    for await (const entries of listTree(git, commit, maxFiles, signal)) {
      for (const entry of entries) {
        if (isAttributesFile(entry.id)) attributes.push(entry)
        if (!this.#selects(entry.id)) continue
        // What the repository says of it is known when everything is listed.
        const reason = this.#skipReason(entry, false)
        if (reason === undefined) this.#untimed.push({ entry, movedFrom: undefined })
        else yield { kind: 'skip', id: entry.id, reason }
      }
    }
    await this.#deps.leftOut.learnAll(attributes, signal)
    yield* this.#timed()
  }

  /** What changed since `base`; with `listing`, every other document too. */
  async *changesSince(base: string, listing: boolean): AsyncGenerator<GitChange> {
    const { git, commit, maxFiles, signal, progress } = this.#deps
    const compared = new Set<string>()
    let log: HistoryLog = new Map()
    let marksChanged = false
    if (base !== commit) {
      progress('comparing')
      log = await historyBetween(git, base, commit, maxFiles, signal)
      for await (const all of diffTrees(git, base, commit, maxFiles, signal)) {
        // The executable bit is in no payload.
        const changes = all.filter(({ status, oldBlob, blob, kind }) => !(status === 'modified' && kind === 'file' && oldBlob === blob))
        for (const { id, from } of changes) {
          compared.add(id)
          if (isAttributesFile(id) || (from !== undefined && isAttributesFile(from))) marksChanged = this.#deps.leftOut.byMarks
        }
        yield* this.#differing(changes, log)
      }
    }
    if (marksChanged && !listing) yield* this.#remarked(base, compared, log)
    yield* listing ? this.#unchanged(compared, log) : this.#touched(compared, log)
    yield* this.#timed()
  }

  /**
   * Differences between the trees. They are named also where the host seems to know them: a document that failed is
   * in its ledger at another version.
   */
  async *#differing(changes: readonly TreeChange[], log: HistoryLog): AsyncGenerator<GitChange> {
    const { known: host, commit, signal } = this.#deps
    const files = changes.filter(({ kind, id, status }) => status !== 'deleted' && kind === 'file' && this.#selects(id))
    const sizes = await sizesOf(files.map(({ blob }) => blob), this.#deps)
    await this.#deps.leftOut.learnAbove(files.map(({ id }) => id), commit, signal)
    const known = await host.ofMany(changes.flatMap(({ id, from }) => (from === undefined ? [id] : [id, from])))
    for (const change of changes) {
      const { id, kind, blob, from, oldBlob } = change
      const entry: TreeEntry = { id, kind, blob, size: sizes.get(blob) }
      const reason = this.#skipReason(entry)
      const present = change.status !== 'deleted' && this.#selects(id)
      const movedFrom = present && reason === undefined && isMove(change, known) ? from : undefined
      if (from !== undefined && movedFrom === undefined && (known.has(from) || this.#selects(from))) yield gone(from, 'deleted')
      if (present && reason === undefined) yield* this.#named({ entry, movedFrom }, trusted(known.get(id), oldBlob, log.get(id)))
      else if (present) yield { kind: 'skip', id, reason: reason ?? 'unknown' }
      else if (known.has(id)) yield gone(id, change.status === 'deleted' ? 'deleted' : 'out-of-scope')
      // What is not known may be in the host's ledger, where only its deletion ends the retries.
      else if (change.status === 'deleted' && oldBlob !== undefined && this.#selects(id)) yield gone(id, 'deleted')
    }
  }

  /** Paths that commits touched without a difference in the end: their times moved. */
  async *#touched(compared: ReadonlySet<string>, log: HistoryLog): AsyncGenerator<GitChange> {
    const { git, commit, maxFiles, signal } = this.#deps
    const others = [...log.keys()].filter((id) => !compared.has(id) && this.#selects(id))
    if (others.length === 0) return
    const entries = await entriesAt(git, commit, others, maxFiles, signal)
    await this.#deps.leftOut.learnAbove(others, commit, signal)
    for (const some of batches([...entries.values()].filter(({ kind }) => kind === 'file'))) yield* this.#kept(some, log, false)
  }

  /** Every entry that the comparison did not name. */
  async *#unchanged(compared: ReadonlySet<string>, log: HistoryLog): AsyncGenerator<GitChange> {
    const { git, commit, maxFiles, signal, progress } = this.#deps
    progress('listing files')
    for await (const entries of listTree(git, commit, maxFiles, signal)) {
      const others = entries.filter(({ id }) => !compared.has(id) && this.#selects(id))
      await this.#deps.leftOut.learnAbove(others.map(({ id }) => id), commit, signal)
      for (const some of batches(others)) yield* this.#kept(some, log, true)
    }
  }

  /** What other attributes leave out, or no longer do, although the files are what they were. */
  async *#remarked(base: string, compared: Set<string>, log: HistoryLog): AsyncGenerator<GitChange> {
    const { git, commit, maxFiles, signal, leftOut, progress } = this.#deps
    progress('listing files')
    const before = leftOut.again()
    for await (const entries of listTree(git, commit, maxFiles, signal)) {
      const others = entries.filter(({ id, kind }) => kind === 'file' && !compared.has(id) && this.#selects(id))
      const ids = others.map(({ id }) => id)
      await leftOut.learnAbove(ids, commit, signal)
      await before.learnAbove(ids, base, signal)
      const other = others.filter(({ id }) => leftOut.has(id) !== before.has(id))
      // None is named twice.
      for (const { id } of other) compared.add(id)
      for (const { id } of other) if (leftOut.has(id)) yield { kind: 'skip', id, reason: 'generated' }
      for (const some of batches(other.filter(({ id }) => !leftOut.has(id)))) yield* this.#kept(some, log, true)
    }
  }

  /** Entries whose content is what it was at the base. */
  async *#kept(entries: readonly TreeEntry[], log: HistoryLog, listing: boolean): AsyncGenerator<GitChange> {
    const known = await this.#deps.known.ofMany(entries.map(({ id }) => id))
    const sizes = await sizesOfEntries(entries, async () => known, this.#deps)
    for (const listed of entries) {
      const entry = withSize(listed, sizes)
      const reason = this.#skipReason(entry)
      if (reason !== undefined) {
        if (listing) yield { kind: 'skip', id: entry.id, reason }
        continue
      }
      const before = known.get(entry.id)
      const history = trusted(before, entry.blob, log.get(entry.id))
      const same = !listing && history !== undefined && before?.metadataVersion === this.#stub(entry, history).metadataVersion
      if (!same) yield* this.#named({ entry, movedFrom: undefined }, history)
    }
  }

  *#named(document: Untimed, history: PathHistory | undefined): Generator<GitChange> {
    if (history === undefined) {
      this.#untimed.push(document)
      return
    }
    const stub = this.#stub(document.entry, history)
    yield document.movedFrom === undefined ? { kind: 'upsert', stub } : { kind: 'move', from: document.movedFrom, stub }
  }

  /** Documents whose history had to be read as a whole: new ones, and those whose past was rewritten. */
  async *#timed(): AsyncGenerator<GitChange> {
    const { git, commit, maxFiles, signal, progress } = this.#deps
    if (this.#untimed.length === 0) return
    const documents = yield* this.#fitting()
    progress('reading history')
    const ids = new Set(documents.map(({ entry }) => entry.id))
    const histories = await historyOf(git, commit, ids, maxFiles, signal, (commits) =>
      progress(`reading history: ${commits.toLocaleString('en')} commits`),
    )
    // What was said last stays on the display: the history is read.
    progress(`naming ${documents.length.toLocaleString('en')} ${documents.length === 1 ? 'file' : 'files'}`)
    for (const { entry, movedFrom } of documents) {
      const stub = this.#stub(entry, histories.get(entry.id))
      yield movedFrom === undefined ? { kind: 'upsert', stub } : { kind: 'move', from: movedFrom, stub }
    }
  }

  /** The untimed documents whose size is right, now that it is known of all that the remote gives. */
  async *#fitting(): AsyncGenerator<GitChange, readonly Untimed[]> {
    const { known } = this.#deps
    const entries = this.#untimed.map(({ entry }) => entry)
    const sizes = await sizesOfEntries(entries, (ids) => known.ofMany(ids), this.#deps)
    const fitting: Untimed[] = []
    for (const { entry: listed, movedFrom } of this.#untimed) {
      const entry = withSize(listed, sizes)
      const reason = this.#skipReason(entry)
      if (reason === undefined) fitting.push({ entry, movedFrom })
      else yield { kind: 'skip', id: entry.id, reason }
    }
    return fitting
  }

  #stub(entry: TreeEntry, history: PathHistory | undefined): DocumentStub {
    return makeStub(entry.id, entry.blob, history, this.#deps.urlOf(entry.id), entry.size)
  }

  #selects(id: string): boolean {
    return this.#deps.selects(idToText(id))
  }

  #skipReason({ id, kind, size }: TreeEntry, withMarks = true): SkipReason | undefined {
    if (kind !== 'file') return kind
    if (withMarks ? this.#deps.leftOut.has(id) : this.#deps.leftOut.hasByName(id)) return 'generated'
    // What nobody can give has no size: it is a document that fails when it is read.
    return size !== undefined && size > this.#deps.maxFileSize ? 'too-large' : undefined
  }
}

/**
 * The history that the host holds, with the increment. Sound only if the host is at the base: a document that failed
 * is behind it, which its version shows, and then its history is read anew.
 */
function trusted(
  known: KnownDocument | undefined,
  blobAtBase: string | undefined,
  change: HistoryChange | undefined,
): PathHistory | undefined {
  if (known === undefined || known.contentVersion !== blobAtBase || change?.lost === true) return undefined
  const before = historyFrom(known.validators)
  return before && mergeHistory(before, change?.gained)
}

/** A move keeps text and chunks; where the new name means another format, it is another document. */
function isMove({ id, from }: TreeChange, known: ReadonlyMap<string, KnownDocument>): boolean {
  if (from === undefined || !known.has(from)) return false
  return keepsText(idToText(from), idToText(id))
}

function withSize(entry: TreeEntry, sizes: ReadonlyMap<string, number>): TreeEntry {
  return entry.size === undefined ? { ...entry, size: sizes.get(entry.blob) } : entry
}

function isAttributesFile(id: string): boolean {
  return id === ATTRIBUTES_FILE || id.endsWith(`/${ATTRIBUTES_FILE}`)
}

function gone(id: string, verdict: DeletionVerdict): GitChange {
  return { kind: 'delete', id, verdict }
}

function* batches<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += BATCH) yield items.slice(start, start + BATCH)
}
