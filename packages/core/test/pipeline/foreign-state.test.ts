import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ScriptedSource } from './scripted-source.ts'
import { cleanBuild, Workbench } from './workbench.ts'

// One collection, and a state that does not know all that was written to it.

let bench: Workbench
let source: ScriptedSource
const opened: Workbench[] = []

beforeEach(async () => {
  bench = await Workbench.open()
  source = new ScriptedSource()
  for (let index = 0; index < 8; index += 1) source.put(`doc${index}`, `first of ${index}\n\nsecond of ${index}`)
})

afterEach(async () => {
  for (const other of opened.splice(0)) await other.close()
  await bench.close()
})

/** Another workbench on the same collection, with an empty state or a copy of one. */
async function otherState(copyOf?: string): Promise<Workbench> {
  const directory = mkdtempSync(join(tmpdir(), 'other-state-'))
  if (copyOf !== undefined) cpSync(copyOf, join(directory, 'state.db'))
  const other = await Workbench.open({ directory })
  Object.assign(other, { store: bench.store })
  opened.push(other)
  return other
}

async function copyOfState(): Promise<string> {
  const copy = join(mkdtempSync(join(tmpdir(), 'state-copy-')), 'state.db')
  const reopened = await Workbench.open({ directory: bench.directory })
  await reopened.state.close()
  cpSync(join(bench.directory, 'state.db'), copy)
  return copy
}

describe('a state that was lost', () => {
  it('is built again without embedding what the collection holds', async () => {
    await bench.sync(source)
    source.put('doc1', 'changed meanwhile')
    source.delete('doc2')
    const fresh = await otherState()
    await fresh.sync(source)
    expect(fresh.embedder.given).toEqual(['changed meanwhile'])
    expect(await fresh.export()).toEqual(await cleanBuild(source))
  })
})

describe('a state that was lost while a part of the source cannot be read', () => {
  it('removes nothing of that part, and embeds nothing of it when it is back', async () => {
    source.configured = ['all', 'more']
    source.documents.set('far', { text: 'text from afar', scope: 'more' })
    await bench.sync(source)
    const fresh = await otherState()
    source.unreadable.add('more')
    expect((await fresh.sync(source)).status).toBe('partial')
    expect(Object.keys(await fresh.texts())).toContain('far')
    source.unreadable.clear()
    expect((await fresh.sync(source, { mode: 'full' })).status).toBe('succeeded')
    expect(fresh.embedder.given).toEqual([])
    expect(await fresh.export()).toEqual(await cleanBuild(source))
  })
})

describe('a state that was restored from an older copy', () => {
  it('is noticed, and the source converges without embedding anything', async () => {
    await bench.sync(source)
    await bench.state.close()
    const copy = await copyOfState()
    const later = await Workbench.open({ directory: bench.directory })
    Object.assign(later, { store: bench.store })
    source.put('added', 'added after the copy')
    source.put('doc1', 'changed after the copy')
    await later.sync(source)
    source.delete('added')
    source.put('doc1', 'first of 1\n\nsecond of 1')
    await later.sync(source)
    await later.state.close()

    const restored = await otherState(copy)
    source.put('doc3', 'changed at last')
    const report = await restored.sync(source)
    expect(report.sources[0]).toMatchObject({ status: 'succeeded', mode: 'full' })
    expect(restored.embedder.given).toEqual(['changed at last'])
    expect(restored.log.filter((line) => line.startsWith('warn somebody else wrote'))).toHaveLength(1)
    expect(await restored.export()).toEqual(await cleanBuild(source))
    expect((await restored.sync(source)).sources[0]).toMatchObject({ mode: 'incremental', points: { upserted: 0 } })
    rmSync(copy)
  })

  it('is planned as what it will do', async () => {
    await bench.sync(source)
    const fresh = await otherState()
    await fresh.sync(source)
    source.put('doc1', 'changed')
    await fresh.sync(source)
    expect((await bench.sync(source, { dryRun: true })).totals.documents.added).toBe(8)
  })
})

describe('two states for one collection', () => {
  it('take turns without missing what the other did', async () => {
    const other = await otherState()
    for (let turn = 0; turn < 3; turn += 1) {
      source.put('doc1', `turn ${turn} of the first`)
      source.put(`only-${turn}`, `added in turn ${turn}`)
      await bench.sync(source)
      source.put('doc1', `turn ${turn} of the other`)
      source.delete(`only-${turn}`)
      await other.sync(source)
      expect(await bench.export()).toEqual(await cleanBuild(source))
    }
  })

  it('do not disturb each other over different sources', async () => {
    const second = new ScriptedSource()
    second.put('x', 'in the second source')
    const other = await otherState()
    await bench.sync(source)
    await other.sync([other.job(second, { source: 'second' })])
    source.put('doc1', 'changed')
    const report = await bench.sync(source)
    expect(report.sources[0]).toMatchObject({ mode: 'incremental', documents: { updated: 1 } })
  })
})
