import { createHash } from 'node:crypto'
import { defineConnector, LoaderError, retrying } from '@qdrant-loader/connector-sdk'
import type { ConnectorCapabilities, ConnectorContext, ConnectorFingerprints, ConnectorPlugin, Detection, DetectRequest, DocumentStub, Presence, Schema, SchemaResult, SourceDocument } from '@qdrant-loader/connector-sdk'
import { Shelf, ShelfTrouble } from './shelf.ts'
import type { Row, Rows } from './shelf.ts'

export interface ShelfConfig {
  readonly address: string
  readonly token: string
}
export interface ShelfCursor {
  readonly asOf: number
}

/** An opened shelf, as the parts of the connector get it. */
export interface ShelfSource {
  readonly config: ShelfConfig
  readonly context: ConnectorContext
  readonly shelf: Shelf
  /** Counts a request, tries it again as the host wants, and makes a LoaderError of what goes wrong. */
  ask<Answer>(call: () => Promise<Answer>, signal: AbortSignal): Promise<Answer>
}

/** What the connector consists of. A planted defect replaces one part of the right one. */
export interface ShelfParts {
  readonly type: string
  readonly keys: Readonly<Record<string, object>>
  acceptsKey(key: string): boolean
  acceptsCursor(value: unknown): boolean
  readonly capabilities: ConnectorCapabilities
  fingerprints(config: ShelfConfig): ConnectorFingerprints
  pages(source: ShelfSource, since: number, signal: AbortSignal): AsyncGenerator<Rows>
  detect(source: ShelfSource, parts: ShelfParts, request: DetectRequest<ShelfCursor>, signal: AbortSignal): Detection<ShelfCursor>
  stubOf(row: Row, source: ShelfSource): DocumentStub
  read(source: ShelfSource, parts: ShelfParts, stub: DocumentStub, signal: AbortSignal): Promise<SourceDocument | 'gone'>
  readonly judge: ((source: ShelfSource, ids: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, Presence>>) | undefined
  errorOf(trouble: ShelfTrouble, source: ShelfSource): Error
  check(source: ShelfSource, signal: AbortSignal): Promise<string>
}

/** The connector without a defect. */
export const RIGHT: ShelfParts = {
  type: 'shelf',
  keys: { address: { type: 'string' }, token: { type: 'string', writeOnly: true } },
  acceptsKey: (key) => ['address', 'token'].includes(key),
  acceptsCursor: (value) => typeof (value as ShelfCursor | null)?.asOf === 'number',
  capabilities: { identity: 'stable', judges: true, reportsDeletions: false },
  fingerprints: ({ address }) => ({ selection: { address }, extraction: 1 }),

  async *pages({ shelf, ask }, since, signal) {
    let from: string | undefined
    const followed = new Set<string | undefined>()
    do {
      if (followed.has(from)) throw new LoaderError({ code: 'shelf_circular', kind: 'transient', message: 'A page leads back.', hint: 'Run it again later.' })
      followed.add(from)
      const page = await ask(() => shelf.list(since, from, signal), signal)
      yield page
      from = page.next
    } while (from !== undefined)
  },

  async *detect(source, parts, request, signal) {
    const listing = request.mode === 'full' || request.listingDue
    let cursor: ShelfCursor | undefined
    for await (const { rows, asOf } of parts.pages(source, listing ? 0 : request.since.asOf, signal)) {
      cursor ??= { asOf }
      for (const row of rows) yield { kind: 'upsert', stub: parts.stubOf(row, source) }
      const last = rows.at(-1)
      // What was described at the very time of the last row may be on the next page.
      if (last) yield { kind: 'checkpoint', cursor: { asOf: last.described - 1 } }
    }
    signal.throwIfAborted()
    if (!cursor) throw new Error('a listing has a page')
    yield { kind: 'complete', cursor, listing: listing ? { everythingIn: ['shelf'], configured: ['shelf'] } : 'changes' }
  },

  stubOf: ({ id, name, label, text }) => ({
    id: String(id),
    scope: 'shelf',
    contentVersion: createHash('sha256').update(text).digest('hex'),
    location: { url: `https://shelf.example/${id}`, title: name },
    metadata: { label },
  }),

  async read(source, parts, { id }, signal) {
    const row = await source.ask(() => source.shelf.read(Number(id), signal), signal)
    return row ? { stub: parts.stubOf(row, source), text: row.text, format: 'markdown', contentType: 'text/markdown' } : 'gone'
  },

  async judge({ shelf, ask }, ids, signal) {
    const there = await ask(() => shelf.has(ids.map(Number), signal), signal)
    return new Map(ids.map((id) => [id, there.has(Number(id)) ? 'present' : 'deleted'] as const))
  },

  errorOf({ kind, message }, { context }) {
    const said = context.redact(message)
    if (kind === 'down') return new LoaderError({ code: 'shelf_unreachable', kind: 'transient', message: `The shelf does not answer: ${said}.`, hint: 'Check the shelf. Nothing was deleted.' })
    if (kind === 'refused') return new LoaderError({ code: 'shelf_refused', kind: 'auth', message: `The shelf refuses the token: ${said}.`, hint: 'Check `token`. Nothing was deleted.' })
    return new LoaderError({ code: 'shelf_page_unreadable', kind: 'document', message: `A page cannot be read: ${said}.`, hint: 'Mend the page; the next run tries again.' })
  },

  async check({ shelf, ask }, signal) {
    return `a shelf with ${(await ask(() => shelf.list(0, undefined, signal), signal)).rows.length} pages or more`
  },
}

/** A connector for a {@link Shelf}: the right one, or one with other parts. */
export function shelfConnector(replaced: Partial<ShelfParts> = {}): ConnectorPlugin<ShelfConfig, ShelfCursor> {
  const parts: ShelfParts = { ...RIGHT, ...replaced }
  return defineConnector<ShelfConfig, ShelfCursor>({
    apiVersion: 1,
    type: parts.type,
    configSchema: schema<ShelfConfig>((value) => Object.keys(value as object).every((key) => parts.acceptsKey(key)), parts.keys),
    cursorSchema: schema<ShelfCursor>((value) => parts.acceptsCursor(value), {}),
    capabilities: parts.capabilities,
    fingerprints: (config) => parts.fingerprints(config),
    open: async (config, context) => opened(config, context, parts),
  })
}

function opened(config: ShelfConfig, context: ConnectorContext, parts: ShelfParts) {
  const source: ShelfSource = {
    config,
    context,
    shelf: Shelf.at(config.address),
    ask: (call, signal) =>
      retrying(
        async () => {
          context.count('source')
          try {
            return await call()
          } catch (error) {
            throw error instanceof ShelfTrouble ? parts.errorOf(error, source) : error
          }
        },
        { policy: context.retry, signal },
      ),
  }
  const { judge } = parts
  return {
    detector: {
      detect: (request: DetectRequest<ShelfCursor>, signal: AbortSignal) => parts.detect(source, parts, request, signal),
      ...(judge && { judge: (ids: readonly string[], signal: AbortSignal) => judge(source, ids, signal) }),
    },
    reader: { read: (stub: DocumentStub, signal: AbortSignal) => parts.read(source, parts, stub, signal) },
    check: (signal: AbortSignal) => parts.check(source, signal),
    close: async () => undefined,
  }
}

function schema<Output>(fits: (value: unknown) => boolean, properties: Readonly<Record<string, object>>): Schema<Output> {
  const validate = (value: unknown): SchemaResult<Output> => (fits(value) ? { value: value as Output } : { issues: [{ message: 'does not fit' }] })
  return { '~standard': { version: 1, vendor: 'shelf', validate, jsonSchema: { input: () => ({ type: 'object', properties }) } } }
}
