import { randomUUID } from 'node:crypto'
import type { Database } from '../../sqlite/sqlite-driver.ts'
import { storeError } from '../codes.ts'

/** Written into the file's header, so that another application's database is told apart: "QdLd". */
const APPLICATION_ID = 0x51644c64
/** The newest layout this version reads and writes. */
const SCHEMA_VERSION = 1

/** What the meta table says of a store. */
export interface EmbeddedMeta {
  readonly instanceId: string
  readonly dimensions: number
  readonly embeddingFingerprint: string
}

// AUTOINCREMENT: a number is never given to another point, so a scroll that pages by it cannot mix up points.
// The vector stands before the payload: a search reads rows up to it only. The index covers every filter, so that
// counting and listing never read rows. The full-text index keeps no copy of the text; its buffer holds a whole
// batch, so that a batch is one segment. Merging at every commit (automerge) made deletions ten times slower: segments
// are merged 16 at a time, and what deletions left behind is cleared by `tidyText`.
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE points (
    pk INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    source_type TEXT NOT NULL,
    source TEXT NOT NULL,
    document_id TEXT NOT NULL,
    vector BLOB NOT NULL,
    payload TEXT NOT NULL
  ) STRICT;
  CREATE INDEX points_by_source ON points (project_id, source_type, source, document_id, id);
  CREATE VIRTUAL TABLE points_text USING fts5 (
    title, headings, content,
    content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
  );
  INSERT INTO points_text (points_text, rank) VALUES ('hashsize', 16000000), ('automerge', 0), ('usermerge', 16);
`

/**
 * What is in the file: undefined for an empty file (one whose creation was interrupted).
 * Throws for another application's database and for a layout of a newer version.
 */
export function readMeta(database: Database, path: string): EmbeddedMeta | undefined {
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
  if (tables === 0) return undefined
  if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw storeError('store_file_foreign', { path })
  const values = new Map(database.prepare('SELECT key, value FROM meta').raw().all() as [string, string][])
  const version = Number(values.get('schema_version'))
  if (version > SCHEMA_VERSION) throw storeError('store_version_newer', { path, version, known: SCHEMA_VERSION })
  const instanceId = values.get('instance_id')
  const dimensions = Number(values.get('dimensions'))
  const embeddingFingerprint = values.get('embedding_fingerprint')
  if (instanceId === undefined || embeddingFingerprint === undefined || !(version > 0) || !(dimensions > 0)) {
    throw storeError('store_corrupt/meta', { path })
  }
  return { instanceId, dimensions, embeddingFingerprint }
}

/** Creates the tables. Runs inside the caller's transaction. */
export function createTables(database: Database): void {
  database.exec(TABLES)
  database.pragma(`application_id = ${APPLICATION_ID}`)
}

/** Gives the store a new identity. Runs inside the caller's transaction. */
export function writeMeta(database: Database, dimensions: number, embeddingFingerprint: string): EmbeddedMeta {
  const meta = { instanceId: randomUUID(), dimensions, embeddingFingerprint }
  const put = database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
  put.run('schema_version', String(SCHEMA_VERSION))
  put.run('instance_id', meta.instanceId)
  put.run('dimensions', String(dimensions))
  put.run('embedding_fingerprint', embeddingFingerprint)
  return meta
}
