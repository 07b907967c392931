import { describe, expect, it } from 'vitest'
import { caches, repository, stage } from './stage.ts'
import { held } from './sync-host.ts'
import type { GitHost } from './sync-host.ts'
import { TestRepository } from './test-repository.ts'

stage()

function source(config: Readonly<Record<string, unknown>> = {}): GitHost {
  return caches.host({ base_url: repository.path, ...config })
}

async function expectClean(host: GitHost, config: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const clean = source(config)
  await clean.sync()
  expect(held(host)).toEqual(held(clean))
}

describe('changes of the tree', () => {
  it('swapped files are two edits, with nothing deleted', async () => {
    await repository.commit({ 'a.md': 'one', 'b.md': 'two' })
    const host = source()
    await host.sync()
    await repository.commit({ 'a.md': 'two', 'b.md': 'one' })
    const { changes, deleted } = await host.sync()
    expect(changes.map(({ kind }) => kind)).toEqual(['upsert', 'upsert', 'complete'])
    expect(deleted).toEqual([])
    await expectClean(host)
  })

  it('a chain of renames ends with each file where it went', async () => {
    await repository.commit({ 'a.md': 'one', 'b.md': 'two', 'c.md': 'three' })
    const host = source()
    await host.sync()
    await repository.commit({ 'a.md': null, 'b.md': 'one', 'c.md': 'two', 'd.md': 'three' })
    await host.sync()
    expect(host.texts).toEqual(new Map([['b.md', 'one'], ['c.md', 'two'], ['d.md', 'three']]))
    await expectClean(host)
  })

  it('a case-only rename is a move', async () => {
    await repository.commit({ 'Readme.md': 'text' })
    const host = source()
    await host.sync()
    await repository.commit({ 'Readme.md': null, 'README.md': 'text' })
    const { moved, loaded, deleted } = await host.sync()
    expect({ moved, loaded, deleted }).toEqual({ moved: ['README.md'], loaded: [], deleted: ['Readme.md'] })
    await expectClean(host)
  })

  it('a renamed folder of 2,000 files is moves only', async () => {
    const files = Array.from({ length: 2_000 }, (_, index) => [`old/${index}.md`, `text ${index}`] as const)
    await repository.commit(Object.fromEntries(files))
    const host = source()
    await host.sync()
    await repository.commit(Object.fromEntries(files.flatMap(([path, text]) => [[path, null], [path.replace('old', 'new'), text]])))
    const { moved, loaded, requests } = await host.sync()
    expect(moved).toHaveLength(2_000)
    expect(loaded).toEqual([])
    expect(requests).toEqual({ source: 1, content: 0 })
    await expectClean(host)
  })

  it('a rename to another format is another document', async () => {
    await repository.commit({ 'a.md': '# Title\n\ntext', 'b.md': 'other' })
    const host = source()
    await host.sync()
    await repository.commit({ 'a.md': null, 'a.txt': '# Title\n\ntext' })
    const { moved, loaded } = await host.sync()
    expect({ moved, loaded }).toEqual({ moved: [], loaded: ['a.txt'] })
    await expectClean(host)
  })

  it('an edited rename is a new document and a deletion', async () => {
    await repository.commit({ 'a.md': 'one\ntwo\nthree\n' })
    const host = source()
    await host.sync()
    await repository.commit({ 'a.md': null, 'b.md': 'one\ntwo\nfour\n' })
    const { loaded, deleted } = await host.sync()
    expect({ loaded, deleted }).toEqual({ loaded: ['b.md'], deleted: ['a.md'] })
  })

  it('the executable bit and an empty commit change nothing', async () => {
    await repository.commit({ 'a.sh': 'echo' })
    const host = source()
    await host.sync()
    await repository.commit({ 'a.sh': { mode: '100755', content: 'echo' } })
    await repository.commit({})
    const { changes } = await host.sync()
    expect(changes.map(({ kind }) => kind)).toEqual(['complete'])
    await expectClean(host)
  })

  it('file, symlink and submodule turn into each other', async () => {
    const link = { mode: '120000', content: 'b.md' }
    const submodule = { mode: '160000', content: '1234567890123456789012345678901234567890' }
    await repository.commit({ 'a.md': 'text', 'b.md': 'other' })
    const host = source()
    await host.sync()
    for (const file of [link, submodule, 'text', submodule, link, 'text again']) {
      await repository.commit({ 'a.md': file })
      const { changes } = await host.sync()
      const expected = typeof file === 'string' ? { kind: 'upsert' } : { kind: 'skip', id: 'a.md', reason: file === link ? 'symlink' : 'submodule' }
      expect(changes[0]).toMatchObject(expected)
      await expectClean(host)
    }
  })

  it('a file becomes a folder and a file again', async () => {
    await repository.commit({ docs: 'a file' })
    const host = source()
    await host.sync()
    await repository.commit({ docs: null, 'docs/a.md': 'inside' })
    await host.sync()
    await expectClean(host)
    await repository.commit({ 'docs/a.md': null, docs: 'a file' })
    await host.sync()
    await expectClean(host)
  })

  it('files over the size limit are skipped, also when they grow and shrink', async () => {
    const config = { max_file_size: 100 }
    await repository.commit({ 'a.md': 'x'.repeat(100), 'b.md': 'x'.repeat(101) })
    const host = source(config)
    expect((await host.sync()).changes).toContainEqual({ kind: 'skip', id: 'b.md', reason: 'too-large' })
    expect([...host.texts.keys()]).toEqual(['a.md'])
    await repository.commit({ 'a.md': 'x'.repeat(101), 'b.md': 'small' })
    await host.sync()
    expect([...host.texts.keys()]).toEqual(['b.md'])
    await expectClean(host, config)
  })

  it('reads the included paths and file types only, and follows renames over their border', async () => {
    const config = { include_paths: 'docs', exclude_paths: ['docs/drafts/', '**/secret*'], file_types: '*.md' }
    await repository.commit({ 'docs/a.md': 'a', 'docs/.hidden/B.MD': 'b', 'docs/c.txt': 'c', 'docs/drafts/d.md': 'd', 'docs/secret.md': 'e', 'f.md': 'f' })
    const host = source(config)
    await host.sync()
    expect([...host.texts.keys()].toSorted()).toEqual(['docs/.hidden/B.MD', 'docs/a.md'])
    await repository.commit({ 'docs/a.md': null, 'a.md': 'a', 'f.md': null, 'docs/f.md': 'f' })
    const { changes } = await host.sync()
    expect(changes.map((change) => [change.kind, 'id' in change ? change.id : 'stub' in change ? change.stub.id : ''])).toEqual([
      ['delete', 'docs/a.md'],
      ['upsert', 'docs/f.md'],
      ['complete', ''],
    ])
    await expectClean(host, config)
  })

  it('tells what is out of scope from what is deleted', async () => {
    await repository.commit({ 'docs/a.md': 'a', 'b.md': 'b', link: { mode: '120000', content: 'b.md' } })
    const { source: opened } = await source({ include_paths: ['docs/**'] }).open()
    const verdicts = await opened.detector.judge?.(['docs/a.md', 'b.md', 'link', 'docs', 'gone.md'], new AbortController().signal)
    await opened.close(undefined)
    expect(Object.fromEntries(verdicts ?? [])).toEqual({
      'docs/a.md': 'present',
      'b.md': 'out-of-scope',
      link: 'out-of-scope',
      docs: 'deleted',
      'gone.md': 'deleted',
    })
  })

  it('takes any name: spaces, quotes, line breaks, globs, other scripts, normal forms, bytes that are no UTF-8', async () => {
    const names = ['a b.md', '"q\'.md', 'line\nbreak.md', 'tab\there.md', '[x]*?.md', ':(top)y.md', '-dash.md', 'Grüße/漢字.md', 'é.md', 'e\u0301.md', 'bytes:plain.md', '\\back.md']
    await repository.commit(Object.fromEntries(names.map((name) => [name, `of ${name}`])))
    await repository.commit({ 'latin1:caf\xe9.md': 'not UTF-8', 'latin1:caf\xe9\n.md': 'nor this' })
    const host = source()
    await host.sync()
    expect(host.texts.size).toBe(names.length + 2)
    for (const name of names) expect(host.texts.get(name === 'bytes:plain.md' ? 'bytes:bytes:plain.md' : name)).toBe(`of ${name}`)
    expect(host.texts.get('bytes:caf%E9.md')).toBe('not UTF-8')
    await repository.commit(Object.fromEntries([...names, 'latin1:caf\xe9.md', 'latin1:caf\xe9\n.md'].map((name) => [name, 'edited'])))
    await repository.commit(Object.fromEntries(names.slice(0, 6).map((name) => [name, `moment ${name}`])))
    await repository.commit(Object.fromEntries(names.slice(0, 6).map((name) => [name, 'edited'])))
    await host.sync()
    await expectClean(host)
    const { source: opened } = await host.open()
    const verdicts = await opened.detector.judge?.([...host.documents.keys()], new AbortController().signal)
    await opened.close(undefined)
    expect([...new Set(verdicts?.values())]).toEqual(['present'])
  })

  it('reads a repository of SHA-256', async () => {
    const modern = await TestRepository.create('sha256')
    try {
      await modern.commit({ 'a.md': 'one' })
      const host = caches.host({ base_url: modern.path })
      await host.sync()
      await modern.commit({ 'a.md': 'two' })
      expect((await host.sync()).loaded).toEqual(['a.md'])
      expect(host.texts.get('a.md')).toBe('two')
    } finally {
      await modern.dispose()
    }
  })
})

describe('content', () => {
  it('reads UTF-8, UTF-16 and Latin-1, and records what has no text with the reason', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`
    await repository.commit({
      'bom.md': Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('# Grüße')]),
      'utf16le.txt': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Grüße', 'utf16le')]),
      'utf16be.txt': Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from('Grüße', 'utf16le').swap16()]),
      'latin1.txt': Buffer.from('Gr\xfc\xdfe', 'latin1'),
      'late.txt': Buffer.concat([Buffer.from('x'.repeat(7_999)), Buffer.from([0])]),
      'later.txt': Buffer.concat([Buffer.from('x'.repeat(8_000)), Buffer.from([0])]),
      'pointer.bin': pointer,
      'about-lfs.md': `Such a file looks like this:\n${pointer}`,
      'odd.txt': Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]),
      'empty.md': '',
      'blank.md': ' \n\t\n',
    })
    const host = source()
    await host.sync()
    const texts = Object.fromEntries(host.texts)
    expect(texts).toMatchObject({ 'bom.md': '# Grüße', 'utf16le.txt': 'Grüße', 'utf16be.txt': 'Grüße', 'latin1.txt': 'Grüße' })
    expect(Object.keys(texts)).toContain('about-lfs.md')
    const skipped = [...host.documents].flatMap(([id, { document }]) => (document.skipped === undefined ? [] : [[id, document.skipped]]))
    expect(Object.fromEntries(skipped)).toEqual({
      'late.txt': 'binary',
      'pointer.bin': 'lfs-pointer',
      'odd.txt': 'undecodable',
      'empty.md': 'empty',
      'blank.md': 'empty',
    })
    expect((await host.sync({ listingDue: true })).loaded).toEqual([])
  })

  it('names format, language and title', async () => {
    await repository.commit({ 'docs/a.md': 'intro\n\n# The *title*\n\ntext', 'b.md': 'no heading', 'src/c.ts': 'export {}', d: 'plain' })
    const host = source()
    await host.sync()
    expect(held(host)).toMatchObject({
      'docs/a.md': { format: 'markdown', contentType: 'text/markdown', title: 'The title', location: { path: 'docs/a.md' } },
      'b.md': { format: 'markdown' },
      'src/c.ts': { format: 'code', language: 'typescript', location: { title: 'c.ts' } },
      d: { format: 'text', contentType: 'text/plain', location: { title: 'd' } },
    })
  })

  it('reads a thousand files through one process, concurrently', async () => {
    await repository.commit(Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`${index}.txt`, `text ${index}\n`.repeat(index % 97)])))
    const host = source()
    const { changes } = await host.sync({ dryRun: true })
    const { source: opened, recording } = await host.open()
    const stubs = changes.flatMap((change) => (change.kind === 'upsert' ? [change.stub] : []))
    const texts = await Promise.all(stubs.map(async (stub) => {
      const document = await opened.reader.read(stub, new AbortController().signal)
      return document === 'gone' ? undefined : [stub.id, document.text]
    }))
    await opened.close(undefined)
    expect(recording.requests.content).toBe(1_000)
    for (const [id = '', text] of texts.filter((entry) => entry !== undefined)) {
      const index = Number.parseInt(id, 10)
      expect(text).toBe(`text ${index}\n`.repeat(index % 97))
    }
  })
})

describe('F14: what the repository calls generated', () => {
  it('comes and goes with the attributes, also of files that did not change', async () => {
    await repository.commit({ 'a.md': 'one', 'api/b.md': 'two', 'api/c.md': 'three' })
    const host = source({ exclude_paths: ['**/.gitattributes'] })
    await host.sync()
    expect([...host.texts.keys()]).toEqual(['a.md', 'api/b.md', 'api/c.md'])
    for (const attributes of ['api/* linguist-generated', 'api/* linguist-generated\napi/c.md -linguist-generated', null, 'a.md linguist-vendored']) {
      await repository.commit({ '.gitattributes': attributes })
      await host.sync()
      await expectClean(host, { exclude_paths: ['**/.gitattributes'] })
    }
    expect([...host.texts.keys()].sort()).toEqual(['api/b.md', 'api/c.md'])
    await repository.commit({ '.gitattributes': null, 'api/.gitattributes': '*.md linguist-generated', 'api/d.md': 'four' })
    await host.sync()
    await expectClean(host, { exclude_paths: ['**/.gitattributes'] })
    expect([...host.texts.keys()]).toEqual(['a.md'])
    await repository.commit({ 'api/b.md': 'other', 'api/c.md': null, 'moved.md': 'three' })
    const { loaded } = await host.sync()
    expect(loaded).toEqual(['moved.md'])
    await expectClean(host, { exclude_paths: ['**/.gitattributes'] })
  })
})
