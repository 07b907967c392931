import { RIGHT } from '../shelf/shelf-connector.ts'
import type { Defects } from './defect.ts'

let counter = 0

export const detectionDefects: Defects = {
  'takes a shelf without pages for a fault': {
    law: 'is fine with a source that holds nothing',
    parts: {
      async *pages(source, since, signal) {
        for await (const page of RIGHT.pages(source, since, signal)) {
          if (since === 0 && page.rows.length === 0) throw new Error('nothing there')
          yield page
        }
      },
    },
  },
  'reads the first page of a listing only': {
    law: 'builds the world from nothing, and vouches for the scopes it listed',
    parts: {
      async *pages(source, since, signal) {
        for await (const page of RIGHT.pages(source, since, signal)) return void (yield page)
      },
    },
  },
  'ends a listing without saying that it is one': {
    law: 'builds the world from nothing, and vouches for the scopes it listed',
    parts: {
      async *detect(source, parts, request, signal) {
        for await (const change of RIGHT.detect(source, parts, request, signal)) yield change.kind === 'complete' ? { ...change, listing: 'changes' } : change
      },
    },
  },
  'sends a date': {
    law: 'gives nothing but plain data',
    parts: { stubOf: (row, source) => ({ ...RIGHT.stubOf(row, source), metadata: { at: new Date(row.described) as unknown as string } }) },
  },
  'reads a number that JSON does not know': {
    law: 'gives nothing but plain data',
    parts: {
      async read(source, parts, stub, signal) {
        const document = await RIGHT.read(source, parts, stub, signal)
        return document === 'gone' ? 'gone' : { ...document, metadata: { words: Number.NaN } }
      },
    },
  },
  'gives a path for a URL': {
    law: 'says where a document is, and its times in UTC, and each value once',
    parts: { stubOf: (row, source) => ({ ...RIGHT.stubOf(row, source), location: { url: `/${row.id}`, title: row.name } }) },
  },
  'gives times of the zone that it is in': {
    law: 'says where a document is, and its times in UTC, and each value once',
    parts: { stubOf: (row, source) => ({ ...RIGHT.stubOf(row, source), updatedAt: new Date(row.described).toISOString().replace('Z', '+02:00') }) },
  },
  'finds in the text what the listing has said': {
    law: 'says where a document is, and its times in UTC, and each value once',
    parts: {
      async read(source, parts, stub, signal) {
        const document = await RIGHT.read(source, parts, stub, signal)
        return document === 'gone' ? 'gone' : { ...document, metadata: { label: 0 } }
      },
    },
  },
  'stamps its payloads with the time of the run': {
    law: 'gives the same ids, versions and values to everybody',
    parts: { stubOf: (row, source) => ({ ...RIGHT.stubOf(row, source), metadata: { label: row.label, seen: ++counter } }) },
  },
  'gives each reading another version': {
    law: 'reads nothing when nothing changed',
    parts: { stubOf: (row, source) => ({ ...RIGHT.stubOf(row, source), contentVersion: String(++counter) }) },
  },
  'forgets that a listing is due': {
    law: 'lists everything when a listing is due',
    parts: {
      detect: (source, parts, request, signal) =>
        RIGHT.detect(source, parts, request.mode === 'full' ? request : { ...request, listingDue: false }, signal),
    },
  },
  'takes the time of the shelf for the version of its pages': {
    law: 'reads only what was edited or added',
    parts: {
      async *detect(source, parts, request, signal) {
        const { asOf } = await source.ask(() => source.shelf.list(0, undefined, signal), signal)
        for await (const change of RIGHT.detect(source, parts, { mode: 'full', known: request.known }, signal)) {
          yield change.kind === 'upsert' ? { ...change, stub: { ...change.stub, contentVersion: String(asOf) } } : change
        }
      },
    },
  },
  'says that it reports deletions and does not': {
    law: 'removes what was removed, by itself or by a listing, as it says',
    parts: { capabilities: { ...RIGHT.capabilities, reportsDeletions: true } },
  },
  'never names again what was removed once': {
    law: 'brings back what comes back',
    parts: {
      // The shelf gives a page that comes back another id; its name is the same.
      async *pages(source, since, signal) {
        const { removed, names } = namesOf(source.shelf)
        for await (const page of RIGHT.pages(source, 0, signal)) {
          for (const { id, name } of page.rows) {
            if (!names.has(name)) names.set(name, id)
            else if (names.get(name) !== id) removed.add(name)
          }
          yield { ...page, rows: page.rows.filter(({ name, described }) => described > since && !removed.has(name)) }
        }
      },
    },
  },
  'goes on behind the time of the last row': {
    law: 'sees every document and every edit of one moment, however many pages they fill',
    parts: {
      async *pages({ shelf, ask }, since, signal) {
        for (let behind = since; ; ) {
          const page = await ask(() => shelf.list(behind, undefined, signal), signal)
          yield page
          const last = page.rows.at(-1)
          if (page.next === undefined || !last) return
          behind = last.described
        }
      },
    },
  },
  'takes the clock of the shelf for that of its index': {
    law: 'sees in the next run what the source shows late',
    parts: {
      async *pages(source, since, signal) {
        for await (const page of RIGHT.pages(source, since, signal)) yield { ...page, asOf: source.shelf.now() }
      },
    },
  },
  'gives the version that was asked for to the text that is there': {
    law: 'gives a text with the version that it has',
    parts: {
      async read(source, parts, stub, signal) {
        const document = await RIGHT.read(source, parts, stub, signal)
        return document === 'gone' ? 'gone' : { ...document, stub }
      },
    },
  },
  'takes what was renamed for unchanged': {
    law: 'reads what was renamed and edited at once',
    parts: {
      async *detect(source, parts, request, signal) {
        for await (const change of RIGHT.detect(source, parts, request, signal)) {
          const known = change.kind === 'upsert' ? await request.known.of(change.stub.id) : undefined
          const renamed = change.kind === 'upsert' && known !== undefined && !known.metadataVersion.includes(JSON.stringify(change.stub.location.title))
          yield renamed ? { ...change, stub: { ...change.stub, contentVersion: known.contentVersion } } : change
        }
      },
    },
  },
  'takes the name of a page for its content': {
    law: 'follows a renamed document without reading it',
    parts: { stubOf: (row, source) => ({ ...RIGHT.stubOf(row, source), contentVersion: `${row.written} ${row.name}` }) },
  },
  'misses what is not text': {
    law: 'describes a document anew without reading it',
    parts: {
      async *pages(source, since, signal) {
        for await (const page of RIGHT.pages(source, since, signal)) yield { ...page, rows: page.rows.filter(({ written }) => written > since) }
      },
    },
  },
  'gives all descriptions one version': {
    law: 'changes the metadata version with the described values, and only with them',
    parts: { stubOf: (row, source) => ({ ...RIGHT.stubOf(row, source), metadataVersion: String(row.id) }) },
  },
  'says that everything is there': {
    law: 'knows what is there and what is not when it is asked',
    parts: { judge: async (_source, ids) => new Map(ids.map((id) => [id, 'present'])) },
  },
  'says that what it does not remember is gone': {
    law: 'knows what is there and what is not when it is asked',
    parts: { judge: async (_source, ids) => new Map(ids.map((id) => [id, 'deleted'])) },
  },
}

const memories = new WeakMap<object, { readonly removed: Set<string>; readonly names: Map<string, number> }>()

function namesOf(shelf: object): { readonly removed: Set<string>; readonly names: Map<string, number> } {
  const memory = memories.get(shelf) ?? { removed: new Set(), names: new Map() }
  memories.set(shelf, memory)
  return memory
}
