import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { isLoaderError, type LoaderError } from '@qdrant-loader/connector-sdk'
import { faultOf, inWords, type SqliteFault } from '../../src/sqlite/sqlite-fault.ts'
import { SqliteConnection } from '../../src/sqlite/sqlite-connection.ts'
import { sqliteDriver } from '../../src/sqlite/sqlite-driver.ts'
import { toStateError } from '../../src/state/database-errors.ts'
import { toStoreError } from '../../src/store/embedded/store-file-error.ts'
import { temporaryFolder } from '../state/test-state.ts'
import { DATABASE_ROOMS } from './database-rooms.ts'

vi.setConfig({ testTimeout: 60_000 })

const CHILD = fileURLToPath(new URL('fail-in-child.ts', import.meta.url))

type Said = Pick<LoaderError, 'code' | 'kind' | 'hint' | 'message'>

/** What each room says of a file that `prepare` has spoiled. */
async function saidOf(prepare: (path: string) => unknown, writes = 0): Promise<Readonly<Record<string, Said>>> {
  using folder = temporaryFolder()
  const said: Record<string, Said> = {}
  for (const { name, use } of DATABASE_ROOMS) {
    const path = join(folder.path, name)
    const undo = await prepare(path)
    const error: unknown = await use(path, writes).then(() => undefined, (reason: unknown) => reason)
    if (typeof undo === 'function') undo()
    expect(isLoaderError(error), String(error)).toBe(true)
    said[name] = error as LoaderError
    expect(said[name]?.message).toContain(path)
  }
  return said
}

/** The same of a child that a shell starts under limits. */
function saidByChild(folder: string, shell: string, ...args: readonly string[]): Readonly<Record<string, Said>> {
  const program = [process.execPath, '--conditions=@qdrant-loader/source', CHILD, folder, ...args]
  const child = spawnSync('sh', ['-c', `${shell}exec "$@"`, 'sh', ...program], { encoding: 'utf8' })
  expect(child.stderr).toBe('')
  return JSON.parse(child.stdout) as Readonly<Record<string, Said>>
}

/** Both say the same, each with its own code and the name of its own setting. */
function expectBoth(said: Readonly<Record<string, Said>>, kind: LoaderError['kind'], codes: readonly [state: string, store: string]): void {
  const { state, store } = said
  expect([state?.code, store?.code]).toEqual(codes)
  expect([state?.kind, store?.kind]).toEqual([kind, kind])
  expect(placeless(store)).toBe(placeless(state))
}

function placeless(said: Said | undefined): string | undefined {
  return said?.hint.replace(/STATE_DB_PATH or state_management\.database_path|embedded\.path/, 'PLACE')
}

it('a file that is none of SQLite, and one whose pages are spoiled, is damaged; nothing is written to it', async () => {
  const none = Buffer.from('This is no database, whatever its name says. '.repeat(100))
  const kept: string[] = []
  const said = await saidOf((path) => {
    writeFileSync(path, none)
    kept.push(path)
    return () => expect(readFileSync(path).equals(none)).toBe(true)
  })
  expect(kept).toHaveLength(2)
  expectBoth(said, 'config', ['state_corrupt', 'store_corrupt'])
  const spoiled = await saidOf(async (path) => {
    await DATABASE_ROOMS.find(({ name }) => path.endsWith(name))?.use(path, 1)
    writeFileSync(path, readFileSync(path).fill(0xa5, 4_096))
  })
  expectBoth(spoiled, 'config', ['state_corrupt', 'store_corrupt'])
})

it('a folder that cannot be made, and a folder in the place of the file, cannot be written', async () => {
  const unwritable = ['state_unwritable', 'store_path_unwritable'] as const
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'file'), '')
  for (const { name, use } of DATABASE_ROOMS) {
    await expect(use(join(folder.path, 'file', 'below', name), 0)).rejects.toMatchObject({ code: name === 'state' ? unwritable[0] : unwritable[1] })
  }
  expectBoth(await saidOf((path) => mkdirSync(path)), 'config', unwritable)
})

it('a file, and a folder, of somebody else cannot be written', async () => {
  using folder = temporaryFolder()
  for (const { name, use } of DATABASE_ROOMS) {
    await use(join(folder.path, name), 0)
    chmodSync(join(folder.path, name), 0o444)
  }
  chmodSync(folder.path, 0o555)
  const said = saidByChild(folder.path, '', '1', 'nobody')
  chmodSync(folder.path, 0o755)
  expectBoth(said, 'config', ['state_unwritable', 'store_path_unwritable'])
})

it('a lock of another process that is not given back passes', async () => {
  const said = await saidOf(async (path) => {
    await DATABASE_ROOMS.find(({ name }) => path.endsWith(name))?.use(path, 0)
    const other = new (sqliteDriver())(path)
    other.exec('BEGIN IMMEDIATE')
    return () => other.close()
  }, 1)
  expectBoth(said, 'transient', ['state_locked', 'store_locked'])
})

it('a limit of the size of files is a full disk', () => {
  using folder = temporaryFolder()
  // In blocks of 512 bytes: 1 MB.
  expectBoth(saidByChild(folder.path, 'ulimit -f 2000; ', '10'), 'config', ['state_disk_full', 'store_disk_full'])
})

it('that no more files can be opened passes', () => {
  using folder = temporaryFolder()
  expectBoth(saidByChild(folder.path, 'ulimit -n 120; ', '1', 'no-files'), 'transient', ['state_exhausted', 'store_exhausted'])
})

it('every primary result code of SQLite, and every code of the system, means the same to both rooms', () => {
  const kinds: Record<SqliteFault, LoaderError['kind']> = {
    locked: 'transient',
    corrupt: 'config',
    full: 'config',
    unwritable: 'config',
    io: 'config',
    exhausted: 'transient',
    defect: 'internal',
  }
  const meanings: Record<SqliteFault, string> = {
    locked: 'SQLITE_BUSY SQLITE_BUSY_RECOVERY SQLITE_BUSY_SNAPSHOT SQLITE_BUSY_TIMEOUT SQLITE_LOCKED SQLITE_LOCKED_SHAREDCACHE SQLITE_PROTOCOL SQLITE_SCHEMA SQLITE_IOERR_BLOCKED EBUSY',
    corrupt: 'SQLITE_CORRUPT SQLITE_CORRUPT_VTAB SQLITE_CORRUPT_INDEX SQLITE_CORRUPT_SEQUENCE SQLITE_NOTADB SQLITE_FORMAT',
    full: 'SQLITE_FULL SQLITE_IOERR_WRITE SQLITE_IOERR_SHMSIZE SQLITE_IOERR_TRUNCATE SQLITE_NOLFS ENOSPC EDQUOT EFBIG',
    unwritable:
      'SQLITE_PERM SQLITE_READONLY SQLITE_READONLY_DIRECTORY SQLITE_READONLY_DBMOVED SQLITE_READONLY_CANTINIT SQLITE_CANTOPEN SQLITE_CANTOPEN_ISDIR SQLITE_CANTOPEN_NOTEMPDIR SQLITE_AUTH EACCES EPERM EROFS ENOENT ENOTDIR EISDIR EEXIST ELOOP ENAMETOOLONG',
    io: 'SQLITE_IOERR SQLITE_IOERR_READ SQLITE_IOERR_SHORT_READ SQLITE_IOERR_FSYNC SQLITE_IOERR_LOCK SQLITE_IOERR_CORRUPTFS EIO ESTALE ENXIO',
    exhausted: 'SQLITE_NOMEM SQLITE_IOERR_NOMEM ENOMEM EMFILE ENFILE',
    defect:
      'SQLITE_ERROR SQLITE_ERROR_MISSING_COLLSEQ SQLITE_INTERNAL SQLITE_ABORT SQLITE_ABORT_ROLLBACK SQLITE_INTERRUPT SQLITE_NOTFOUND SQLITE_EMPTY SQLITE_TOOBIG SQLITE_CONSTRAINT SQLITE_CONSTRAINT_UNIQUE SQLITE_MISMATCH SQLITE_MISUSE SQLITE_RANGE SQLITE_NOTICE SQLITE_WARNING ERR_ASSERTION',
  }
  for (const [fault, codes] of Object.entries(meanings) as [SqliteFault, string][]) {
    for (const code of codes.split(' ')) {
      const error = Object.assign(new Error('it says'), { code })
      expect([code, faultOf(error)]).toEqual([code, { fault, code, detail: 'it says' }])
      const [state, store] = [toStateError(error, '/a.db'), toStoreError(error, '/a.db')]
      expect([code, state.kind, store.kind, placeless(store)]).toEqual([code, kinds[fault], kinds[fault], placeless(state)])
      expect(store.message.replace('The embedded store', 'The state database')).toBe(state.message)
      expect(state.cause).toBe(error)
    }
  }
  expect(faultOf(new Error('without a code')).fault).toBe('defect')
  expect(faultOf(undefined).fault).toBe('defect')
})

it('a value that is too long, and a row that breaks a rule, are defects', () => {
  const database = new SqliteConnection('')
  database.exec('CREATE TABLE t (a TEXT UNIQUE)')
  for (const [sql, code] of [
    ['INSERT INTO t SELECT zeroblob(2147483647)', 'SQLITE_TOOBIG'],
    ["INSERT INTO t VALUES ('a'), ('a')", 'SQLITE_CONSTRAINT_UNIQUE'],
  ] as const) {
    const error: unknown = (() => {
      try {
        return database.run(sql)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(faultOf(error)).toMatchObject({ fault: 'defect', code })
  }
  database.close()
})

it('what the system says begins with its code, which is not said twice', () => {
  expect(inWords({ fault: 'unwritable', code: 'ENOENT', detail: "ENOENT: no such file or directory, mkdir '/x'" })).toBe("ENOENT: no such file or directory, mkdir '/x'")
  expect(inWords({ fault: 'full', code: 'SQLITE_FULL', detail: 'database or disk is full' })).toBe('SQLITE_FULL: database or disk is full')
  expect(inWords({ fault: 'defect', code: '', detail: 'it says' })).toBe('it says')
})
