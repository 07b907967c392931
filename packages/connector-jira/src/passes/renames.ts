import type { KnownDocuments } from '@qdrant-loader/connector-sdk'
import { batches, headFields } from '../api/issue-reader.ts'
import type { ReadsById } from '../api/reads-by-id.ts'
import { utcOf } from '../api/utc-time.ts'
import type { JiraCursor } from '../cursor.ts'
import { issueKey, partsOf, personKey } from '../names/names.ts'
import { issuePayload } from '../text/issue-payload.ts'
import type { IssueReading } from '../text/issue-reading.ts'
import { validatorsOf } from '../validators.ts'
import type { Validators } from '../validators.ts'
import { NameSample } from './name-sample.ts'
import type { Witness } from './name-sample.ts'

const LOOKUP_SIZE = 1_000
/** The most issues that one listing reads for the names in them: three requests on Cloud, six on Data Center. */
const MOST_ISSUES = 300
/** How often a name is asked for, each time of another issue, while issues are edited. */
const TURNS = 3

/** What {@link Renames} needs. */
export interface RenamesDeps {
  readonly reads: ReadsById
  readonly known: KnownDocuments
  readonly signal: AbortSignal
  /** Where to begin; undefined: all names are looked up, however many they are. */
  readonly after: JiraCursor['names'] | undefined
}

/** Ids of issues that show a name which is no longer right: in their payload alone, or in their text. */
export interface Renamed {
  readonly payload: readonly string[]
  readonly text: readonly string[]
}

/**
 * Finds names that are no longer right: those of people, statuses, options and so on change without any issue being
 * touched.
 *
 * Jira lists some of them; others (options of fields, people of Data Center) it gives to administrators alone, or one by
 * one. But an issue that shows a name shows it as it is now. So for each name one issue is read, without its text: a
 * few requests, however many issues there are.
 */
export class Renames {
  readonly #deps: RenamesDeps
  readonly #payload = new NameSample()
  readonly #text = new NameSample()
  readonly #ids: string[] = []
  /** Names as they are now, by kind and id. Undefined: an issue that should show it does not. */
  readonly #now = new Map<string, string | undefined>()
  /** Names in texts, likewise: as issues show them, or otherwise as they were looked up by their ids. */
  readonly #looked = new Map<string, string>()
  /** Keys of issues that this listing showed, by their ids and by the keys that they have or had. */
  readonly #keys = new Map<string, string>()
  #next: JiraCursor['names']

  constructor(deps: RenamesDeps) {
    this.#deps = deps
    this.#next = deps.after ?? { payload: null, text: null }
  }

  /** Where the next listing has to go on. */
  get next(): JiraCursor['names'] {
    return this.#next
  }

  /** A known issue is to stay as it is, unless something that it names was renamed. */
  note(id: string, { names, shown, updated }: Validators): void {
    this.#ids.push(id)
    this.#payload.add({ id, updated }, Object.entries(names))
    this.#text.add({ id, updated }, Object.entries(shown))
  }

  /** The key that an issue has now, so that nobody need be asked. `before`: another one that it had. */
  noteKey(id: string, key: string, before?: string): void {
    this.#keys.set(id, key)
    this.#keys.set(key, key)
    if (before === undefined) return
    this.#keys.set(before, key)
    this.#looked.set(issueKey(before), key)
  }

  /** Looks names up, and finds the noted issues that show another one. */
  async find(reading: IssueReading): Promise<Renamed> {
    for (const key of [...this.#payload.keysFrom(null), ...this.#text.keysFrom(null)]) {
      const { kind, id } = partsOf(key)
      const current = kind === 'issue' ? this.#keys.get(id) : undefined
      if (current !== undefined) this.#now.set(key, current)
    }
    const payload = await this.#lookUpInIssues(reading)
    const text = await this.#lookUpInTexts()
    this.#next = { payload, text }
    return this.#payload.differsFrom(this.#now) || this.#text.differsFrom(this.#looked) ? await this.#compare() : { payload: [], text: [] }
  }

  /** The names in a text, with those that were looked up (before it was read) in the place of what it shows. */
  lookedUp(shown: Validators['shown']): Validators['shown'] {
    return Object.fromEntries(Object.entries(shown).map(([key, name]) => [key, this.#looked.get(key) ?? name]))
  }

  async #lookUpInIssues(reading: IssueReading): Promise<string | null> {
    const { after } = this.#deps
    const all = this.#payload.keysFrom(after?.payload ?? null).filter((key) => !this.#now.has(key))
    const { issues, keys } = this.#payload.choose(all, after === undefined ? all.length : MOST_ISSUES)
    await this.#ask(issues, reading)
    for (let turn = 1; turn < TURNS; turn += 1) {
      await this.#ask(this.#payload.others(keys.filter((key) => !this.#now.has(key)), turn), reading)
    }
    return lastOf(keys, all)
  }

  async #ask(witnesses: readonly Witness[], reading: IssueReading): Promise<void> {
    const { reads, signal } = this.#deps
    const fields = headFields(reading.extraFields)
    for (const batch of batches(witnesses, reads.batchSize)) {
      const recorded = new Map(batch.map(({ id, updated }) => [id, updated]))
      const { issues } = await reads.issues([...recorded.keys()], fields, 'source', signal)
      for (const issue of issues) {
        const { names } = issuePayload(issue, reading)
        for (const [key, name] of Object.entries(names)) this.#now.set(key, name)
        // One that was edited meanwhile may have let go of a name by that.
        if ((utcOf(issue.fields.updated) ?? issue.fields.updated) !== recorded.get(issue.id)) continue
        for (const key of this.#payload.keysOf(issue.id)) if (!(key in names) && !this.#now.has(key)) this.#now.set(key, undefined)
      }
    }
  }

  /** Those that are in texts alone, which no issue shows without its text. */
  async #lookUpInTexts(): Promise<string | null> {
    const { reads, signal, after } = this.#deps
    const all: string[] = []
    for (const key of this.#text.keysFrom(after?.text ?? null)) {
      const shown = this.#now.get(key)
      if (shown === undefined) all.push(key)
      else this.#looked.set(key, shown)
    }
    const keys = all.slice(0, after === undefined ? all.length : reads.mostPeople)
    const idsOf = (kind: string): readonly string[] => keys.map(partsOf).filter((part) => part.kind === kind).map(({ id }) => id)
    for (const [id, name] of await reads.people(idsOf('person'), signal)) this.#looked.set(personKey(id), name)
    for (const [key, current] of await reads.currentKeys(idsOf('issue'), signal)) this.#looked.set(issueKey(key), current)
    return lastOf(keys, all)
  }

  async #compare(): Promise<Renamed> {
    const payload: string[] = []
    const text: string[] = []
    for (const batch of batches(this.#ids, LOOKUP_SIZE)) {
      for (const [id, document] of await this.#deps.known.ofMany(batch)) {
        const validators = validatorsOf(document)
        if (validators === undefined) continue
        if (this.#isTextOutdated(validators)) text.push(id)
        else if (this.#isPayloadOutdated(validators)) payload.push(id)
      }
    }
    return { payload, text }
  }

  #isPayloadOutdated({ names }: Validators): boolean {
    return Object.entries(names).some(([key, name]) => this.#now.has(key) && this.#now.get(key) !== name)
  }

  /** What cannot be looked up keeps its name. */
  #isTextOutdated({ shown }: Validators): boolean {
    return Object.entries(shown).some(([key, name]) => (this.#looked.get(key) ?? name) !== name)
  }
}

/** The key after which the next listing goes on; null when it begins anew. */
function lastOf(keys: readonly string[], all: readonly string[]): string | null {
  return keys.length < all.length ? (keys.at(-1) ?? null) : null
}
