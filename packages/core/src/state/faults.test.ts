import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commitOf, openTestState, REF, rememberingLogger, START, temporaryFolder } from '../../test/state/test-state.ts'
import { isBusy } from '../sqlite/sqlite-fault.ts'
import { toStateError } from './database-errors.ts'
import { sqliteDriver } from '../sqlite/sqlite-driver.ts'
import { StateManager } from './state-manager.ts'

const now = () => START
const WRITER = fileURLToPath(new URL('../../test/state/write-until-error.ts', import.meta.url))

async function opening(path: string, timeoutMs = 30) {
  const logger = rememberingLogger()
  const outcome = await StateManager.open({ path, now, logger, pool: { size: 1, timeoutMs } }).then(
    async (state) => state.close().then(() => undefined),
    (error: unknown) => error,
  )
  return { error: outcome, logger }
}

describe('a damaged state file', () => {
  it.each([
    ['text', Buffer.from('This is no database, whatever its name says. '.repeat(100))],
    ['a few bytes', Buffer.from('no')],
  ])('with %s in it is refused and never overwritten', async (_, content) => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'state.db')
    writeFileSync(path, content)
    const { error, logger } = await opening(path)
    expect(error).toMatchObject({ name: 'DatabaseError', code: 'state_corrupt', kind: 'config' })
    expect(error).toMatchObject({ message: expect.stringContaining(path), hint: expect.stringContaining('backup') })
    expect(readFileSync(path).equals(content)).toBe(true)
    expect(readdirSync(folder.path)).toEqual(['state.db'])
    expect(logger.lines.filter((line) => line.level === 'error')).toHaveLength(1)
  })

  it('is found out in the middle of the work too', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    await test.state.documents.commit(lease, 'r1', 'l1', Array.from({ length: 500 }, (_, n) => commitOf(`d${n}`, {})))
    await test.state.close()
    const bytes = readFileSync(test.path)
    // The first page is left whole: the file opens, and its tables are rubbish.
    bytes.fill(0xa5, 8_192)
    writeFileSync(test.path, bytes)
    const found = async () => {
      await using again = await test.open()
      await again.documents.among(REF, ['d1'])
    }
    await expect(found()).rejects.toMatchObject({ code: 'state_corrupt', kind: 'config' })
    expect(readFileSync(test.path).equals(bytes)).toBe(true)
  })

  it('with a value that is no JSON says so', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    await test.state.sources.update(lease, { cursor: 1 })
    const database = new (sqliteDriver())(test.path)
    database.exec(`UPDATE qdrant_loader_source_states SET cursor = '{'`)
    database.close()
    await expect(test.state.sources.get(REF)).rejects.toMatchObject({ code: 'state_corrupt' })
  })
})

describe('a place that cannot be written', () => {
  it('is a folder that cannot be made', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'file'), '')
    const { error, logger } = await opening(join(folder.path, 'file', 'below', 'state.db'))
    expect(error).toMatchObject({ name: 'DatabaseError', code: 'state_unwritable', kind: 'config' })
    expect(error).toMatchObject({ hint: expect.stringContaining('STATE_DB_PATH') })
    expect(logger.lines.map((line) => line.level)).toEqual(['error'])
  })

  it('is a folder with the name of the file', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'state.db'))
    expect((await opening(join(folder.path, 'state.db'))).error).toMatchObject({ code: 'state_unwritable' })
  })

  it('is what SQLite calls read-only', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'state.db')
    new (sqliteDriver())(path).exec('CREATE TABLE t (a)').close()
    const database = new (sqliteDriver())(path, { readonly: true })
    expect(errorOf(() => database.exec('INSERT INTO t VALUES (1)'), path)).toMatchObject({
      code: 'state_unwritable',
      kind: 'config',
    })
    database.close()
  })

  it.each(['the file', 'its folder'])('is one where %s lacks the permission', async (what) => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'state.db')
    if (what === 'the file') {
      expect((await opening(path, 5_000)).error).toBeUndefined()
      chmodSync(path, 0o444)
    }
    chmodSync(folder.path, 0o555)
    const program = ['--conditions=@qdrant-loader/source', WRITER, path, 'nobody']
    const child = spawnSync(process.execPath, program, { encoding: 'utf8' })
    chmodSync(folder.path, 0o755)
    expect(child.stderr).toBe('')
    expect(JSON.parse(child.stdout)).toMatchObject({ code: 'state_unwritable', kind: 'config', committed: 0 })
  })

  it('is made with access for its owner alone when it is new', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'new', 'state.db')
    expect((await opening(path, 5_000)).error).toBeUndefined()
    expect(statSync(dirname(path)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700)
  })
})

describe('a full disk', () => {
  it('says so, loses nothing, and goes on when there is room', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    await test.state.documents.commit(lease, 'r1', 'l1', [commitOf('a', {})])
    await test.state.leases.release(lease)
    await test.state.close()
    // A limit on file sizes is a full disk that needs no disk.
    const limit = Math.ceil(statSync(test.path).size / 512) + 200
    const program = [process.execPath, '--conditions=@qdrant-loader/source', WRITER, test.path]
    const child = spawnSync('sh', ['-c', `ulimit -f ${limit}; exec "$@"`, 'sh', ...program], { encoding: 'utf8' })
    expect(child.stderr).toBe('')
    const outcome = JSON.parse(child.stdout) as { readonly committed: number }
    const hint = expect.stringMatching(/Free space/) as string
    expect(outcome).toMatchObject({ code: 'state_disk_full', kind: 'config', hint })
    await using again = await test.open()
    expect(await again.documents.count(REF)).toBe(1 + outcome.committed)
    const next = await again.leases.acquire(REF)
    await again.documents.commit(next, 'r2', 'l1', [commitOf('b', {})])
  })
})

describe('a lock of another process', () => {
  it('that outlasts the time-out is an error that can be tried again', async () => {
    await using test = await openTestState({ pool: { size: 1, timeoutMs: 30 } })
    const lease = await test.state.leases.acquire(REF)
    const database = new (sqliteDriver())(test.path)
    database.exec('BEGIN IMMEDIATE')
    await expect(test.state.sources.update(lease, { cursor: 1 })).rejects.toMatchObject({
      name: 'DatabaseError',
      code: 'state_locked',
      kind: 'transient',
    })
    // Reading goes on.
    expect((await test.state.sources.get(REF))?.cursor).toBeUndefined()
    database.exec('ROLLBACK')
    database.close()
    await test.state.sources.update(lease, { cursor: 1 })
  })

  it('is waited for without stopping the process', async () => {
    await using test = await openTestState({ pool: { size: 1, timeoutMs: 10_000 } })
    const lease = await test.state.leases.acquire(REF)
    const database = new (sqliteDriver())(test.path)
    database.exec('BEGIN IMMEDIATE')
    const writing = test.state.sources.update(lease, { cursor: 1 })
    // This can only run if waiting gives way.
    const released = new Promise<void>((resolve) => setTimeout(() => (database.exec('COMMIT'), resolve()), 1))
    await Promise.all([writing, released])
    database.close()
    expect((await test.state.sources.get(REF))?.cursor).toBe(1)
  })
})

describe('an error that nobody foresaw', () => {
  it('is named as a defect, with its cause', () => {
    const cause = new Error('near "x": syntax error')
    const error = toStateError(Object.assign(cause, { code: 'SQLITE_ERROR' }), '/s.db')
    expect(error).toMatchObject({ name: 'DatabaseError', code: 'state_database', kind: 'internal', cause })
    expect(isBusy(cause)).toBe(false)
  })

  it('of the file system, while reading, names the file', () => {
    expect(toStateError(Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_READ' }), '/s.db')).toMatchObject({
      code: 'state_io',
      message: expect.stringContaining('/s.db'),
    })
  })
})

describe('the log', () => {
  it('has one debug line for each operation, with counts and no content', async () => {
    await using test = await openTestState()
    const { state, logger } = test
    const lease = await state.leases.acquire(REF)
    await state.sources.update(lease, { cursor: { token: 'glpat-secret' } })
    const stub = { ...commitOf('a', {}).document.stub, metadata: { note: 'glpat-secret' } }
    await state.failures.record(lease, 'r1', undefined, [{ stub, code: 'c', message: 'glpat-secret', hint: 'h' }])
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('a', {}), commitOf('b', {})])
    await state.deletions.count(REF)
    const lines = logger.lines.filter((line) => line.level === 'debug')
    expect(lines.map((line) => line.message)).toEqual([
      'state: open',
      'state: leases.acquire',
      'state: sources.update',
      'state: failures.record',
      'state: documents.commit',
      'state: deletions.count',
    ])
    expect(lines[4]?.fields).toEqual({
      operation: 'documents.commit',
      project: 'default',
      source_type: 'git',
      source: 'handbook',
      run_id: 'r1',
      documents: 2,
      duration_ms: expect.any(Number),
    })
    expect(JSON.stringify(logger.lines)).not.toContain('glpat-secret')
  })

  it('has one error line for each error, also when it passes through a transaction', async () => {
    await using test = await openTestState()
    const { state, logger } = test
    const lease = await state.leases.acquire(REF)
    const failing = state.transaction(async () => state.updateIngestion(lease, 'r1', {}))
    await expect(failing).rejects.toMatchObject({ code: 'state_run_unknown' })
    await expect(state.leases.acquire(REF)).rejects.toMatchObject({ code: 'lease_held' })
    const errors = logger.lines.filter((line) => line.level === 'error')
    expect(errors.map((line) => [line.message, line.fields['code'], line.fields['kind']])).toEqual([
      ['state: runs.update failed', 'state_run_unknown', 'internal'],
      ['state: leases.acquire failed', 'lease_held', 'transient'],
    ])
    expect(errors[1]?.fields).toMatchObject({ source: 'handbook', hint: expect.any(String), message: expect.any(String) })
  })
})

function errorOf(work: () => unknown, path: string): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    return toStateError(error, path)
  }
}
