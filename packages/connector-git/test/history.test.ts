import { expect, it } from 'vitest'
import { caches, repository, stage } from './stage.ts'
import { held } from './sync-host.ts'
import type { GitHost } from './sync-host.ts'

stage()

function source(): GitHost {
  return caches.host({ base_url: repository.path })
}

async function expectClean(host: GitHost): Promise<void> {
  const clean = source()
  await clean.sync()
  expect(held(host)).toEqual(held(clean))
}

function at(seconds: number): string {
  return new Date(seconds * 1_000).toISOString()
}

it('gives each file its first and last commit, in UTC, with their authors', async () => {
  const first = await repository.commit({ 'a.md': 'one', 'b.md': 'b' }, { time: 1_600_000_000, author: 'Ada' })
  const last = await repository.commit({ 'a.md': 'two' }, { time: 1_600_000_500, author: 'Béla' })
  const host = source()
  await host.sync()
  expect(held(host)).toMatchObject({
    'a.md': {
      createdAt: at(1_600_000_000),
      updatedAt: at(1_600_000_500),
      metadata: { first_author: 'Ada', first_commit: first, last_author: 'Béla', last_commit: last },
    },
    'b.md': { createdAt: at(1_600_000_000), updatedAt: at(1_600_000_000), metadata: { last_author: 'Ada' } },
  })
})

it('sees back-dated commits, which a search by date does not', async () => {
  await repository.commit({ 'a.md': 'one', 'b.md': 'one' }, { time: 1_600_000_000 })
  const host = source()
  await host.sync()
  await repository.commit({ 'a.md': 'two' }, { time: 1_600_000_100 })
  await repository.commit({ 'b.md': 'two' }, { time: 1_500_000_000 })
  expect((await host.sync()).loaded.toSorted()).toEqual(['a.md', 'b.md'])
  expect(held(host)).toMatchObject({ 'b.md': { createdAt: at(1_500_000_000), updatedAt: at(1_600_000_000) } })
  await expectClean(host)
})

it('an edit and its revert change the time and nothing else', async () => {
  await repository.commit({ 'a.md': 'one', 'b.md': 'b', 'c.bin': Buffer.from([0, 1]) })
  const host = source()
  await host.sync()
  await repository.commit({ 'a.md': 'two' })
  await repository.commit({ 'a.md': 'one' })
  const result = await host.sync()
  expect(result).toMatchObject({ described: ['a.md'], loaded: [], requests: { source: 1, content: 0 } })
  expect(held(host)).toMatchObject({ 'a.md': { updatedAt: at(repository.time) } })
  await expectClean(host)
})

it('commits of one second are ordered by id, whichever is seen first', async () => {
  await repository.commit({ 'a.md': 'one' }, { time: 1_600_000_000 })
  const host = source()
  await host.sync()
  for (const text of ['two', 'three', 'four', 'five']) {
    await repository.commit({ 'a.md': text }, { time: 1_600_000_000, author: text })
    await host.sync()
  }
  await expectClean(host)
})

it('a merge that brings older commits moves the first time back', async () => {
  const base = await repository.commit({ 'a.md': '1\n2\n3\n', 'x.md': 'x' }, { time: 1_600_000_000 })
  await repository.commit({ 'a.md': '1\n2\n3\nfour\n' }, { time: 1_600_001_000 })
  const side = await repository.commit({ 'a.md': 'zero\n1\n2\n3\n', 'y.md': 'y' }, { branch: 'side', parent: base, time: 1_400_000_000, author: 'Past' })
  const host = source()
  await host.sync()
  await repository.commit({ 'a.md': 'zero\n1\n2\n3\nfour\n', 'y.md': 'y' }, { merge: [side], time: 1_600_002_000, author: 'Merger' })
  await host.sync()
  expect(held(host)).toMatchObject({
    'a.md': { createdAt: at(1_400_000_000), updatedAt: at(1_600_002_000), metadata: { first_author: 'Past', last_author: 'Merger' } },
    'y.md': { createdAt: at(1_400_000_000), updatedAt: at(1_400_000_000) },
  })
  await expectClean(host)
})

it('counts the commits of a side branch that came to nothing', async () => {
  const base = await repository.commit({ 'a.md': 'one', 'b.md': 'b' }, { time: 1_600_000_000 })
  await repository.commit({ 'b.md': 'b two' }, { time: 1_600_000_100 })
  const host = source()
  await host.sync()
  const tried = await repository.commit({ 'a.md': 'tried' }, { branch: 'side', parent: base, time: 1_600_000_200 })
  const reverted = await repository.commit({ 'a.md': 'one' }, { branch: 'side', parent: tried, time: 1_600_000_300, author: 'Reverter' })
  await repository.commit({}, { merge: [reverted], time: 1_600_000_400 })
  expect((await host.sync()).described).toEqual(['a.md'])
  expect(held(host)).toMatchObject({ 'a.md': { updatedAt: at(1_600_000_300), metadata: { last_author: 'Reverter' } } })
  await expectClean(host)
})

it('a path that comes back has its whole past', async () => {
  await repository.commit({ 'a.md': 'one', 'b.md': 'b' }, { time: 1_500_000_000, author: 'Founder' })
  const host = source()
  await host.sync()
  await repository.commit({ 'a.md': null }, { time: 1_500_000_100 })
  await host.sync()
  await repository.commit({ 'a.md': 'again' }, { time: 1_500_000_200 })
  await host.sync()
  expect(held(host)).toMatchObject({ 'a.md': { createdAt: at(1_500_000_000), metadata: { first_author: 'Founder' } } })
  await expectClean(host)
})

it('many paths that come back at once have their past too', async () => {
  const files = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`${index}.md`, `text ${index}`]))
  await repository.commit(files, { time: 1_500_000_000 })
  await repository.commit(Object.fromEntries(Object.keys(files).map((path) => [path, null])))
  await repository.commit({ 'other.md': 'text' })
  const host = source()
  await host.sync()
  await repository.commit(files)
  await host.sync()
  expect(held(host)['7.md']).toMatchObject({ createdAt: at(1_500_000_000) })
  await expectClean(host)
})

it('a rewritten history changes times without changing a blob', async () => {
  await repository.commit({ 'a.md': 'one', 'b.md': 'b' }, { time: 1_600_000_000 })
  const kept = await repository.tip()
  await repository.commit({ 'a.md': 'two' }, { time: 1_600_000_100, author: 'Before' })
  const host = source()
  await host.sync()
  await repository.commit({ 'a.md': 'two' }, { parent: kept ?? null, time: 1_600_000_050, author: 'After' })
  const { described, loaded } = await host.sync()
  expect({ described, loaded }).toEqual({ described: ['a.md'], loaded: [] })
  expect(held(host)).toMatchObject({ 'a.md': { updatedAt: at(1_600_000_050), metadata: { last_author: 'After' } } })
  await expectClean(host)
})

it('survives force-pushes to unrelated histories and back', async () => {
  const first = await repository.commit({ 'a.md': 'one', 'b.md': 'b', 'c.md': 'c' })
  const host = source()
  await host.sync()
  await repository.commit({ 'a.md': 'one', 'b.md': 'new' }, { parent: null })
  const { loaded, deleted } = await host.sync()
  expect({ loaded, deleted }).toEqual({ loaded: ['b.md'], deleted: ['c.md'] })
  await expectClean(host)
  await repository.git('update-ref', 'refs/heads/main', first)
  await host.sync()
  await expectClean(host)
})

it('a document that failed before has its history read anew', async () => {
  await repository.commit({ 'a.md': 'one' }, { time: 1_500_000_000 })
  const host = source()
  await host.sync()
  const before = host.documents.get('a.md')
  if (!before) throw new Error('a.md is missing')
  await repository.commit({ 'a.md': 'two' }, { time: 1_400_000_000, author: 'Older' })
  await host.sync()
  // What the host would hold had the second version failed to load.
  const mutable = host.documents as Map<string, typeof before>
  mutable.set('a.md', before)
  await repository.commit({ 'a.md': 'three' }, { time: 1_500_000_200 })
  await host.sync()
  expect(held(host)).toMatchObject({ 'a.md': { createdAt: at(1_400_000_000) } })
  await expectClean(host)
})

it('reads author names that are not UTF-8', async () => {
  await repository.commit({ 'a.md': 'one' }, { author: Buffer.from('Andr\xe9', 'latin1') })
  const host = source()
  await host.sync()
  expect(held(host)).toMatchObject({ 'a.md': { metadata: { first_author: 'Andr\ufffd' } } })
})
