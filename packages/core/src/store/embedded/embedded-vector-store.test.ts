import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idOf, live, payloadOf, pointOf, specOf, vectorOf } from '../../../test/store/point-fixtures.ts'
import { EmbeddedVectorStore } from './embedded-vector-store.ts'
import { sqliteDriver } from '../../sqlite/sqlite-driver.ts'

let directory: string
let path: string
let stores: EmbeddedVectorStore[]

beforeEach(async () => {
  stores = []
  directory = await mkdtemp(join(tmpdir(), 'embedded-store-'))
  path = join(directory, 'store.sqlite')
})
afterEach(async () => {
  for (const store of stores) await store.close()
  await rm(directory, { recursive: true })
})

function make(options: Partial<ConstructorParameters<typeof EmbeddedVectorStore>[0]> = {}): EmbeddedVectorStore {
  const store = new EmbeddedVectorStore({ path, ...options })
  stores.push(store)
  return store
}

async function open(options: Parameters<typeof make>[0] = {}): Promise<EmbeddedVectorStore> {
  const store = make(options)
  await store.open(specOf(), live)
  return store
}

async function words(store: EmbeddedVectorStore, text: string): Promise<string[]> {
  const hits = await store.search({ mode: 'keyword', text, filter: {}, limit: 100 }, live)
  return hits.map(({ id }) => id)
}

/** A program that opens the store of its first argument and goes on with `body`. */
function childScript(body: string): string {
  const from = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)
  return `
    import { EmbeddedVectorStore } from ${from('embedded-vector-store.ts')}
    import { live, pointOf, specOf } from ${from('../../../test/store/point-fixtures.ts')}
    const store = new EmbeddedVectorStore({ path: process.argv[1] })
    await store.open(specOf(), live)
    ${body}`
}

async function outputOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()))
  await once(child, 'close')
  return output.trim()
}

describe('keyword search', () => {
  it('finds words of the title, the headings and the content', async () => {
    const store = await open()
    const plain = { title: 'x', heading_path: ['x'], content: 'x' }
    await store.upsert(
      [
        pointOf('t', { ...plain, title: 'The Aardvark' }),
        pointOf('h', { ...plain, heading_path: ['Animals', 'Badger'] }),
        pointOf('c', { ...plain, content: 'a Chamois, naïve and ÜBERALL' }),
      ],
      live,
    )
    expect(await words(store, 'aardvark')).toEqual([idOf('t')])
    expect(await words(store, 'BADGER')).toEqual([idOf('h')])
    expect(await words(store, 'chamois')).toEqual([idOf('c')])
    expect(await words(store, 'uberall naive')).toEqual([idOf('c')])
  })

  it('follows replacements, payload updates and deletions', async () => {
    const store = await open()
    await store.upsert([pointOf('a', { content: 'first version' }), pointOf('b', { content: 'first other' })], live)
    await store.upsert([pointOf('a', { content: 'second version' })], live)
    expect(await words(store, 'first')).toEqual([idOf('b')])
    expect(await words(store, 'second')).toEqual([idOf('a')])
    await store.replacePayload([{ id: idOf('a'), payload: payloadOf('a', { content: 'third', title: 'renamed' }) }], live)
    expect(await words(store, 'second')).toEqual([])
    expect(await words(store, 'renamed')).toEqual([idOf('a')])
    await store.replacePayload([{ id: idOf('a'), payload: payloadOf('a', { content: 'third', title: 'renamed', chunk_index: 9 }) }], live)
    expect(await words(store, 'third')).toEqual([idOf('a')])
    await store.delete([idOf('a')], live)
    expect(await words(store, 'third renamed')).toEqual([])
    await store.upsert([pointOf('c', { content: 'third' })], live)
    expect(await words(store, 'third')).toEqual([idOf('c')])
  })

  it('obeys nothing of what the user typed', async () => {
    const store = await open()
    await store.upsert([pointOf('a', { content: 'plain words', title: 'x' })], live)
    const typed = ['"', '""', "'", 'a AND', 'NOT', 'NEAR(', 'title:', 'plain*', '{x}:y', '^', '(', 'a" OR "b', '\0', '-', ':', 'x'.repeat(50_000)]
    for (const text of typed) await words(store, text)
    expect(await words(store, 'title:words')).toEqual([])
    expect(await words(store, 'nothing NOT words')).toEqual([idOf('a')])
  })

  it('gives back the room of deleted text over time', async () => {
    const store = await open()
    const names = Array.from({ length: 2_000 }, (_, index) => `p${index}`)
    await store.upsert(names.map((name) => pointOf(name, { content: `${name} ${'alpha beta gamma '.repeat(20)}` })), live)
    await store.delete(names.slice(1).map(idOf), live)
    await store.close()
    const database = new (sqliteDriver())(path)
    const left = database.prepare('SELECT sum(length(block)) FROM points_text_data').pluck().get() as number
    database.close()
    expect(left).toBeLessThan(20_000)
    expect(await words(await open(), 'alpha')).toEqual([idOf('p0')])
  })
})

describe('the file', () => {
  it('is made with its folders, for this user only', async () => {
    path = join(directory, 'new', 'deep', 'store.sqlite')
    await open()
    expect((await stat(join(directory, 'new', 'deep'))).mode & 0o777).toBe(0o700)
  })

  it('is not made by peeking', async () => {
    expect(await make().peek(live)).toBeUndefined()
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  it('counts as missing while it is empty', async () => {
    await writeFile(path, '')
    expect(await make().peek(live)).toBeUndefined()
    expect(await make().open(specOf(), live)).toMatchObject({ created: true })
  })

  it('holds vectors of zeroes, which are like nothing', async () => {
    const store = await open()
    await store.upsert([pointOf('zero', { vector: new Float32Array(8) }), pointOf('one')], live)
    const hits = await store.search({ mode: 'vector', text: '', vector: vectorOf('one'), filter: {}, limit: 5 }, live)
    expect(hits.map(({ id, score }) => [id, Math.round(score * 100)])).toEqual([[idOf('one'), 100], [idOf('zero'), 0]])
  })

  it('of a newer version is refused and stays as it is', async () => {
    await (await open()).close()
    const database = new (sqliteDriver())(path)
    database.prepare("UPDATE meta SET value = '99' WHERE key = 'schema_version'").run()
    database.close()
    await expect(make().open(specOf(), live)).rejects.toMatchObject({ code: 'store_version_newer', kind: 'config' })
    await expect(make().peek(live)).rejects.toMatchObject({ code: 'store_version_newer' })
  })

  it('of another application is refused and stays as it is', async () => {
    const database = new (sqliteDriver())(path)
    database.exec('CREATE TABLE meta (x)')
    database.close()
    const before = await readFile(path)
    await expect(make().open(specOf(), live)).rejects.toMatchObject({ code: 'store_file_foreign', kind: 'config' })
    expect(await readFile(path)).toEqual(before)
  })

  it('that is no database or a damaged one is refused with what to do', async () => {
    await writeFile(path, 'this is not a database, but long enough to be read as the header of one '.repeat(20))
    const error = await make().open(specOf(), live).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'store_corrupt', kind: 'config', hint: expect.stringContaining('backup') })
    expect(String(error)).toContain(path)
    await rm(path)
    await (await open()).close()
    await writeFile(path, (await readFile(path)).fill(0xab, 100, 16_384))
    await expect(make().open(specOf(), live)).rejects.toMatchObject({ code: 'store_corrupt' })
  })

  it('that cannot be made or opened is refused with what to do', async () => {
    await writeFile(join(directory, 'file'), '')
    path = join(directory, 'file', 'store.sqlite')
    await expect(make().open(specOf(), live)).rejects.toMatchObject({ code: 'store_path_unwritable', kind: 'config' })
    path = join(directory, 'folder')
    await mkdir(path)
    await expect(make().open(specOf(), live)).rejects.toMatchObject({ code: 'store_path_unwritable' })
  })

  it('keeps what it has when the disk is full, and says so', async () => {
    const store = await open()
    await store.upsert([pointOf('a')], live)
    await store.close()
    // A limit on the size of files makes the system refuse to write, as a full disk does.
    const child = spawn('bash', [
      '-c',
      `trap '' XFSZ; ulimit -f 2000; exec "$0" --input-type=module -e "$1" "$2"`,
      process.execPath,
      childScript(`
        const points = Array.from({ length: 200 }, (_, index) => pointOf('big' + index, { content: 'x'.repeat(20_000) }))
        await store.upsert(points, live).catch((error) => console.log(error.code + ' ' + error.kind))
        process.exit()`),
      path,
    ])
    expect(await outputOf(child)).toBe('store_disk_full config')
    const after = await open()
    expect(await after.count({}, live)).toBe(1)
    await after.upsert([pointOf('b')], live)
  })
})

describe('several processes', () => {
  it('make and fill one file together', async () => {
    const body = `
      for (let round = 0; round < 20; round++) {
        const points = Array.from({ length: 20 }, (_, index) => pointOf([process.argv[2], round, index].join('-')))
        await store.upsert(points, live)
        await store.delete([points[0].id], live)
      }
      await store.close()`
    const names = ['one', 'two', 'three']
    const children = names.map((name) => spawn(process.execPath, ['--input-type=module', '-e', childScript(body), path, name]))
    expect(await Promise.all(children.map(outputOf))).toEqual(['', '', ''])
    const store = await open()
    expect(await store.count({}, live)).toBe(3 * 20 * 19)
    expect(await words(store, 'content')).toHaveLength(100)
  })

  it('wait for each other, and say when that takes too long', async () => {
    const store = await open({ busyTimeoutMs: 5_000 })
    const blocker = new (sqliteDriver())(path)
    blocker.exec('BEGIN IMMEDIATE')
    let now = 0
    const hasty = await open({
      busyTimeoutMs: 1_000,
      now: () => now,
      sleep: () => Promise.resolve((now += 400)),
    })
    await expect(hasty.upsert([pointOf('a')], live)).rejects.toMatchObject({ code: 'store_locked', kind: 'transient' })
    const writing = store.upsert([pointOf('b')], live)
    setImmediate(() => blocker.exec('COMMIT'))
    await writing
    expect(await store.count({}, live)).toBe(1)
    blocker.close()
  })

  it('stop waiting when the run is stopped', async () => {
    const store = await open({ sleep: (_ms, signal) => once(signal as AbortSignal, 'abort') })
    const blocker = new (sqliteDriver())(path)
    blocker.exec('BEGIN IMMEDIATE')
    const stop = new AbortController()
    const writing = store.upsert([pointOf('a')], stop.signal)
    stop.abort(new Error('stopped'))
    await expect(writing).rejects.toThrow('stopped')
    blocker.close()
  })
})
