import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { collect, countRows, openTestState, REF, temporaryFolder } from '../../test/state/test-state.ts'
import { migrationStatus } from './migrate.ts'

const PROGRAM = fileURLToPath(new URL('../../test/state/state-process.ts', import.meta.url))

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--conditions=@qdrant-loader/source', PROGRAM, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

async function ready(child: ChildProcess): Promise<void> {
  await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data')
}

async function ended(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'close')
  return code
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = ended(child)
  child.kill('SIGKILL')
  await closed
}

describe('a process that is killed', () => {
  it('inside a transaction leaves the state as it was before it', async () => {
    await using test = await openTestState()
    const child = start('crash', test.path, REF.source)
    await ready(child)
    await kill(child)
    expect(await collect(test.state.documents.ids(REF))).toEqual(['committed'])
    expect((await test.state.chunks.owned(REF, ['p1', 'q1'])).size).toBe(1)
    await using again = await test.open()
    expect(await again.documents.count(REF)).toBe(1)
  })

  it('gives up its lease at once, and not while it lives', async () => {
    await using test = await openTestState({ now: Date.now })
    const child = start('hold', test.path, REF.source)
    await ready(child)
    await expect(test.state.leases.acquire(REF)).rejects.toThrow(`pid ${child.pid} on `)
    await kill(child)
    await test.state.leases.acquire(REF)
  })
})

describe('processes on one file', () => {
  it('open a fresh one at once, and each migration is run once', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'deep', 'state.db')
    const codes = await Promise.all(['a', 'b', 'c', 'd'].map((name) => ended(start('open', path, name))))
    expect(codes).toEqual([0, 0, 0, 0])
    expect((await migrationStatus({ path })).every((migration) => migration.applied && migration.known)).toBe(true)
    expect(countRows(path, 'migrations')).toBe((await migrationStatus({ path })).length)
  })

  it('write at once and lose nothing', async () => {
    await using test = await openTestState({ now: Date.now })
    const names = ['a', 'b', 'c']
    const codes = await Promise.all(names.map((name) => ended(start('hammer', test.path, name, '60'))))
    expect(codes).toEqual([0, 0, 0])
    for (const source of names) {
      const ref = { ...REF, source }
      expect(await test.state.documents.count(ref)).toBe(60)
      expect((await test.state.chunks.owned(ref, Array.from({ length: 60 }, (_, n) => `${source}-d${n}`))).size).toBe(60)
    }
    expect(test.count('metric_samples')).toBe(180)
    expect(test.count('write_intents') + test.count('leases')).toBe(0)
  })
})
