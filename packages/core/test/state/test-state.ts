import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '@qdrant-loader/connector-sdk'
import type { DocumentCommit, Fingerprints, SourceRef } from '../../src/state/records.ts'
import { sqliteDriver } from '../../src/sqlite/sqlite-driver.ts'
import { StateManager } from '../../src/state/state-manager.ts'
import type { StateManagerOptions } from '../../src/state/state-manager-options.ts'

/** The source that tests write. */
export const REF: SourceRef = { project: 'default', sourceType: 'git', source: 'handbook' }

/** Another source of the same name in another project. */
export const OTHER: SourceRef = { ...REF, project: 'other' }

export const FINGERPRINTS: Fingerprints = {
  selection: 'sel',
  extraction: 'ext',
  chunking: 'chu',
  embedding: 'emb',
  payload: 'pay',
}

/** The time that tests start at. */
export const START = Date.parse('2026-11-22T10:00:00.000Z')

/** One line that was logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A folder that goes away with the test. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'state-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A logger that remembers. */
export function rememberingLogger(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const at = (level: LogLine['level']) => (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
    lines.push({ level, message, fields })
  }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** A clock that only moves when told. */
export function fakeClock(start = START): { now: () => number; advance: (ms: number) => void } {
  let time = start
  return { now: () => time, advance: (ms) => void (time += ms) }
}

/** A state file in a temporary folder, with a clock and a log of its own. */
export async function openTestState(options: Partial<StateManagerOptions> = {}) {
  const folder = temporaryFolder()
  const logger = rememberingLogger()
  const clock = fakeClock()
  const path = options.path ?? join(folder.path, 'state.db')
  const open = (more: Partial<StateManagerOptions> = {}) =>
    StateManager.open({ path, now: clock.now, logger, ...options, ...more })
  const state = await open()
  return {
    state,
    path,
    clock,
    logger,
    open,
    /** Rows of a table, as another connection sees them. */
    count: (table: string) => countRows(path, table),
    folder: folder.path,
    async [Symbol.asyncDispose]() {
      await state.close()
      folder[Symbol.dispose]()
    },
  }
}

/** Rows of a table of a state file with the default prefix. */
export function countRows(path: string, table: string): number {
  const database = new (sqliteDriver())(path, { readonly: true })
  try {
    return database.prepare(`SELECT COUNT(*) FROM qdrant_loader_${table}`).pluck().get() as number
  } finally {
    database.close()
  }
}

/** A commit with sensible content. `points` makes one chunk each, whose input hash is `h-<point>`. */
export function commitOf(
  documentId: string,
  options: {
    readonly points?: readonly string[] | 'kept'
    readonly scope?: string
    readonly version?: string
    readonly dependsOn?: readonly string[] | 'kept'
    readonly contentChanged?: boolean
    readonly fingerprints?: Fingerprints
  },
): DocumentCommit {
  const { points = [], scope = 'main', version = 'v1', dependsOn = [], contentChanged = true } = options
  const location = { url: `https://example.com/${documentId}`, path: documentId, title: documentId }
  return {
    document: {
      documentId,
      scope,
      contentVersion: version,
      metadataVersion: 'm1',
      contentHash: `hash-${version}`,
      fingerprints: options.fingerprints ?? FINGERPRINTS,
      stub: { id: documentId, scope, contentVersion: version, location },
      title: documentId,
      skipped: undefined,
    },
    chunks:
      points === 'kept'
        ? 'kept'
        : points.map((pointId, position) => ({ pointId, position, inputHash: `h-${pointId}`, payloadHash: `p-${pointId}` })),
    dependsOn,
    contentChanged,
  }
}

/** Everything that an asynchronous iterable yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
