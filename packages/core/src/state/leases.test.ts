import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { commitOf, openTestState, OTHER, REF, START } from '../../test/state/test-state.ts'
import { systemProcesses, type ProcessIdentity, type ProcessProbe } from './process-identity.ts'
import type { StateManager } from './state-manager.ts'

/** A machine of which this process is one, and whose other processes live or not as `look` says. */
function probe(self: Partial<ProcessIdentity>, look: ProcessProbe['look']): ProcessProbe {
  const identity = { pid: 1, hostname: 'here', bootId: 'boot', processStart: '1', ...self }
  return { self: () => identity, look }
}

describe('a lease (I8)', () => {
  it('is held by one run, and others are told by whom and since when', async () => {
    await using test = await openTestState()
    const { state, clock } = test
    const lease = await state.leases.acquire(REF)
    expect(lease).toMatchObject({ ref: REF, acquiredAt: new Date(START) })
    clock.advance(1_000)
    const refused = { name: 'LeaseHeldError', code: 'lease_held', kind: 'transient', since: new Date(START) }
    await expect(state.leases.acquire(REF)).rejects.toMatchObject(refused)
    await expect(state.leases.acquire(REF)).rejects.toThrow(
      new RegExp(`default/git/handbook: pid ${process.pid} on .+, since 2026-11-22T10:00:00.000Z`),
    )
    await state.leases.acquire(OTHER)
  })

  it('is free again when it was given back, and not when somebody else gives back another', async () => {
    await using test = await openTestState()
    const lease = await test.state.leases.acquire(REF)
    await test.state.leases.release({ ...lease, holder: 'somebody else' })
    await expect(test.state.leases.acquire(REF)).rejects.toMatchObject({ code: 'lease_held' })
    await test.state.leases.release(lease)
    await test.state.leases.acquire(REF)
  })

  it('of a dead process of this machine is replaced at once', async () => {
    await using test = await openTestState({ processes: probe({ pid: 7 }, () => 'dead') })
    const first = await test.state.leases.acquire(REF)
    const second = await test.state.leases.acquire(REF)
    expect(second.holder).not.toBe(first.holder)
    await test.state.leases.release(first)
    await test.state.leases.heartbeat(second)
  })

  it.each(['alive', 'unknown'] as const)('of a process that is %s expires 30 s after its last heartbeat', async (life) => {
    await using test = await openTestState({ processes: probe({}, () => life) })
    const { state, clock } = test
    const lease = await state.leases.acquire(REF)
    clock.advance(20_000)
    await state.leases.heartbeat(lease)
    clock.advance(29_999)
    await expect(state.leases.acquire(REF)).rejects.toMatchObject({ code: 'lease_held', since: new Date(START) })
    clock.advance(1)
    await state.leases.acquire(REF)
    await expect(state.leases.heartbeat(lease)).rejects.toMatchObject({ name: 'ConcurrentUpdateError', code: 'lease_lost' })
  })

  const stub = commitOf('a', {}).document.stub
  const counters = {} as never
  const writes: Record<string, (state: StateManager, lease: Awaited<ReturnType<StateManager['leases']['acquire']>>) => Promise<unknown>> = {
    heartbeat: (state, lease) => state.leases.heartbeat(lease),
    startRun: (state, lease) => state.runs.start(lease, { runId: 'r', mode: 'full', cursorBefore: undefined }),
    finishRun: (state, lease) =>
      state.runs.finish(lease, { runId: 'r', mode: 'full', status: 'failed', counters, cursorAfter: undefined, error: undefined }),
    updateIngestion: (state, lease) => state.updateIngestion(lease, 'r', { status: 'failed' }),
    updateSource: (state, lease) => state.sources.update(lease, { cursor: 2 }),
    resetSource: (state, lease) => state.sources.reset(lease, 's'),
    recordIntents: (state, lease) => state.intents.record(lease, 'r', [{ pointId: 'p', documentId: 'a', operation: 'upsert' }]),
    commitDocuments: (state, lease) => state.documents.commit(lease, 'r', undefined, [commitOf('a', { version: 'v2' })]),
    markSeen: (state, lease) => state.documents.markSeen(lease, 'r', 'l2', ['a']),
    recordValidators: (state, lease) => state.documents.recordValidators(lease, 'r', [{ documentId: 'a', validators: 'v2' }]),
    settleIntents: (state, lease) => state.intents.settle(lease, []),
    closeIntents: (state, lease) => state.intents.close(lease, ['p']),
    stageDeletions: (state, lease) => state.deletions.stage(lease, 'r', [{ documentId: 'a', verdict: 'deleted' }]),
    unstageDeletions: (state, lease) => state.deletions.unstage(lease, ['a']),
    commitDeletions: (state, lease) => state.deletions.commit(lease, 'r', ['a']),
    recordFailures: (state, lease) => state.failures.record(lease, 'r', undefined, [{ stub, code: 'c', message: 'm', hint: 'h' }]),
    clearFailures: (state, lease) => state.failures.clear(lease, ['a']),
    updateDocumentState: (state, lease) => state.updateDocumentState(lease, 'r', { documentId: 'a', version: 1 }, {}),
    markDocumentDeleted: (state, lease) => state.markDocumentDeleted(lease, 'r', 'a'),
  }

  it.each(Object.keys(writes))('that was lost writes nothing any more (%s)', async (method) => {
    await using test = await openTestState()
    const { state, clock } = test
    const lost = await state.leases.acquire(REF)
    await state.runs.start(lost, { runId: 'r', mode: 'full', cursorBefore: undefined })
    await state.documents.commit(lost, 'r', 'l1', [commitOf('a', {})])
    clock.advance(30_000)
    await state.leases.acquire(REF)
    const before = [await state.sources.get(REF), await state.getDocumentState(REF, 'a'), await state.getLastIngestion(REF)]
    await expect(writes[method]?.(state, lost)).rejects.toMatchObject({ code: 'lease_lost', kind: 'transient' })
    const after = [await state.sources.get(REF), await state.getDocumentState(REF, 'a'), await state.getLastIngestion(REF)]
    expect(after).toEqual(before)
    expect(test.count('write_intents') + test.count('failures')).toBe(0)
  })
})

describe('the processes of this machine', () => {
  const processes = systemProcesses()

  it('are alive while they run and dead when they ended', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
    await once(child, 'spawn')
    const identity = { ...processes.self(), pid: child.pid as number, processStart: null }
    expect(processes.look(processes.self())).toBe('alive')
    expect(processes.look(identity)).toBe('alive')
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(processes.look(identity)).toBe('dead')
  })

  it.runIf(process.platform === 'linux')('are told from later ones with the same pid by their start', () => {
    expect(processes.self().processStart).toMatch(/^\d+$/)
    expect(processes.look({ ...processes.self(), processStart: '1' })).toBe('dead')
  })

  it('of another machine, or before a restart, are unknown', () => {
    expect(processes.look({ ...processes.self(), bootId: 'another' })).toBe('unknown')
  })
})
