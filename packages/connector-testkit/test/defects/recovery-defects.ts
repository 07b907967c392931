import { LoaderError } from '@qdrant-loader/connector-sdk'
import type { Change } from '@qdrant-loader/connector-sdk'
import { RIGHT } from '../shelf/shelf-connector.ts'
import type { ShelfCursor } from '../shelf/shelf-connector.ts'
import type { Defects } from './defect.ts'

/** What defective connectors keep outside of the host's state, by cache folder. */
const kept = new Map<string, number>()
const seen = new Map<string, ReadonlyMap<string, string>>()

export const recoveryDefects: Defects = {
  'gives a checkpoint for changes that come after it': {
    law: 'converges after a first run that died at any change',
    parts: {
      async *detect(source, parts, request, signal) {
        const changes = await drained(RIGHT.detect(source, parts, request, signal))
        const last = changes.at(-1)
        if (last?.kind === 'complete') yield { kind: 'checkpoint', cursor: last.cursor }
        yield* changes
      },
    },
  },
  'keeps its cursor itself': {
    law: 'converges after a later run that died at any change',
    parts: {
      async *pages(source, since, signal) {
        const key = source.context.cacheDirectory
        for await (const page of RIGHT.pages(source, since === 0 ? 0 : Math.max(since, kept.get(key) ?? 0), signal)) {
          if (!source.context.dryRun) kept.set(key, page.asOf)
          yield page
        }
      },
    },
  },
  'compares with what it saw when a run was last whole': {
    law: 'converges when the source went back before a dead run was repeated',
    parts: {
      async *detect(source, parts, request, signal) {
        const whole = seen.get(source.context.cacheDirectory) ?? new Map<string, string>()
        const now = new Map<string, string>()
        const lists = request.mode === 'full' || request.listingDue
        for await (const change of RIGHT.detect(source, parts, { mode: 'full', known: request.known }, signal)) {
          if (change.kind === 'upsert') {
            const shown = JSON.stringify(change.stub)
            now.set(change.stub.id, shown)
            if (lists || whole.get(change.stub.id) !== shown) yield change
          } else if (change.kind === 'complete') {
            if (!source.context.dryRun) seen.set(source.context.cacheDirectory, now)
            yield lists ? change : { ...change, listing: 'changes' }
          }
        }
      },
    },
  },
  'goes on from where it was last whole, whatever it is asked': {
    law: 'goes on from any state that the host kept, also from an older one',
    parts: {
      async *detect(source, parts, request, signal) {
        const key = `whole ${source.context.cacheDirectory}`
        const own = request.mode === 'full' ? request : { ...request, since: { asOf: Math.max(request.since.asOf, kept.get(key) ?? 0) } }
        for await (const change of RIGHT.detect(source, parts, own, signal)) {
          if (change.kind === 'complete' && !source.context.dryRun) kept.set(key, change.cursor.asOf)
          yield change
        }
      },
    },
  },
  'takes its cursor at the end of a listing': {
    law: 'sees in the next run what changes while it looks',
    parts: {
      async *detect(source, parts, request, signal) {
        for await (const change of RIGHT.detect(source, parts, request, signal)) {
          if (change.kind !== 'complete') yield change
          else yield { ...change, cursor: { asOf: (await source.ask(() => source.shelf.list(0, undefined, signal), signal)).asOf } }
        }
      },
    },
  },
  'takes its cursor from its own clock': {
    law: 'does not rely on a clock that agrees with that of the source',
    parts: {
      async *detect(source, parts, request, signal) {
        const OVERLAP = 120_000
        for await (const change of RIGHT.detect(source, parts, request, signal)) {
          yield change.kind === 'complete' ? { ...change, cursor: { asOf: source.context.now() - OVERLAP } } : change
        }
      },
    },
  },
  'calls what it saw the whole when it is stopped': {
    law: 'throws where it is told to stop, unless it has seen everything, and the next run goes on',
    parts: {
      async *detect(source, parts, request, signal) {
        const { asOf } = await source.ask(() => source.shelf.list(0, undefined, signal), signal)
        try {
          yield* RIGHT.detect(source, parts, request, signal)
        } catch (error) {
          if (!signal.aborted) throw error
          yield { kind: 'complete', cursor: { asOf }, listing: 'changes' }
        }
      },
    },
  },
  'takes a cursor that it cannot read for a fault': {
    law: 'detects in full when its cursor cannot be read',
    parts: {
      acceptsCursor: (value) => {
        if (value !== null && typeof value === 'object' && 'garbage' in value) throw new Error('what is this?')
        return RIGHT.acceptsCursor(value)
      },
    },
  },
  'needs its cache': {
    law: 'goes on without its cache',
    parts: {
      async *detect(source, parts, request, signal) {
        const key = `cache of ${source.context.cacheDirectory}`
        const lost = request.mode === 'incremental' && !kept.has(key)
        kept.set(key, 1)
        if (lost) throw new LoaderError({ code: 'shelf_cache_lost', kind: 'config', message: 'The cache is not there.', hint: 'Put it back.' })
        yield* RIGHT.detect(source, parts, request, signal)
      },
    },
  },
  'moves on in a dry run': {
    law: 'names in a dry run what the next run names, and changes nothing that a later run relies on',
    parts: {
      async *detect(source, parts, request, signal) {
        const key = `dry ${source.context.cacheDirectory}`
        const since = request.mode === 'full' ? 0 : Math.max(request.since.asOf, kept.get(key) ?? 0)
        for await (const change of RIGHT.detect(source, parts, request.mode === 'full' ? request : { ...request, since: { asOf: since } }, signal)) {
          if (change.kind === 'complete' && source.context.dryRun) kept.set(key, change.cursor.asOf)
          yield change
        }
      },
    },
  },
  'takes a stop for the end': {
    law: 'stops at once when it is told to',
    parts: {
      async *detect(source, parts, request, signal) {
        const { signal: never } = new AbortController()
        for await (const change of RIGHT.detect(source, parts, request, never)) {
          if (change.kind === 'upsert' && signal.aborted) continue
          yield change
        }
      },
    },
  },
  'goes on reading when it is told to stop': {
    law: 'stops at once when it is told to',
    parts: { read: (source, parts, stub) => RIGHT.read(source, parts, stub, new AbortController().signal) },
  },
  'takes what is gone for a failure': {
    law: 'says `gone` of what is no longer there',
    parts: {
      async read(source, parts, stub, signal) {
        const document = await RIGHT.read(source, parts, stub, signal)
        if (document !== 'gone') return document
        throw new LoaderError({ code: 'shelf_page_unreadable', kind: 'document', message: 'The page is not there.', hint: 'Put it back.' })
      },
    },
  },
}

async function drained(detection: AsyncIterable<Change<ShelfCursor>>): Promise<Change<ShelfCursor>[]> {
  const changes: Change<ShelfCursor>[] = []
  for await (const change of detection) changes.push(change)
  return changes
}
