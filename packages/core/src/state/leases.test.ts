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
    const lease = await state.acquireLease(REF)
    expect(lease).toMatchObject({ ref: REF, acquiredAt: new Date(START) })
    clock.advance(1_000)
    const refused = { name: 'LeaseHeldError', code: 'lease_held', kind: 'transient', since: new Date(START) }
    await expect(state.acquireLease(REF)).rejects.toMatchObject(refused)
    await expect(state.acquireLease(REF)).rejects.toThrow(
      new RegExp(`default/git/handbook: pid ${process.pid} on .+, since 2026-11-22T10:00:00.000Z`),
    )
    await state.acquireLease(OTHER)
  })

  it('is free again when it was given back, and not when somebody else gives back another', async () => {
    await using test = await openTestState()
    const lease = await test.state.acquireLease(REF)
    await test.state.releaseLease({ ...lease, holder: 'somebody else' })
    await expect(test.state.acquireLease(REF)).rejects.toMatchObject({ code: 'lease_held' })
    await test.state.releaseLease(lease)
    await test.state.acquireLease(REF)
  })

  it('of a dead process of this machine is replaced at once', async () => {
    await using test = await openTestState({ processes: probe({ pid: 7 }, () => 'dead') })
    const first = await test.state.acquireLease(REF)
    const second = await test.state.acquireLease(REF)
    expect(second.holder).not.toBe(first.holder)
    await test.state.releaseLease(first)
    await test.state.heartbeat(second)
  })

  it.each(['alive', 'unknown'] as const)('of a process that is %s expires 30 s after its last heartbeat', async (life) => {
    await using test = await openTestState({ processes: probe({}, () => life) })
    const { state, clock } = test
    const lease = await state.acquireLease(REF)
    clock.advance(20_000)
    await state.heartbeat(lease)
    clock.advance(29_999)
    await expect(state.acquireLease(REF)).rejects.toMatchObject({ code: 'lease_held', since: new Date(START) })
    clock.advance(1)
    await state.acquireLease(REF)
    await expect(state.heartbeat(lease)).rejects.toMatchObject({ name: 'ConcurrentUpdateError', code: 'lease_lost' })
  })

  const stub = commitOf('a', {}).document.stub
  const counters = {} as never
  const writes: Record<string, (state: StateManager, lease: Awaited<ReturnType<StateManager['acquireLease']>>) => Promise<unknown>> = {
    heartbeat: (state, lease) => state.heartbeat(lease),
    startRun: (state, lease) => state.startRun(lease, { runId: 'r', mode: 'full', cursorBefore: undefined }),
    finishRun: (state, lease) =>
      state.finishRun(lease, { runId: 'r', mode: 'full', status: 'failed', counters, cursorAfter: undefined, error: undefined }),
    updateIngestion: (state, lease) => state.updateIngestion(lease, 'r', { status: 'failed' }),
    updateSource: (state, lease) => state.updateSource(lease, { cursor: 2 }),
    resetSource: (state, lease) => state.resetSource(lease, 's'),
    recordIntents: (state, lease) => state.recordIntents(lease, 'r', [{ pointId: 'p', documentId: 'a', operation: 'upsert' }]),
    commitDocuments: (state, lease) => state.commitDocuments(lease, 'r', undefined, [commitOf('a', { version: 'v2' })]),
    markSeen: (state, lease) => state.markSeen(lease, 'r', 'l2', ['a']),
    recordValidators: (state, lease) => state.recordValidators(lease, 'r', [{ documentId: 'a', validators: 'v2' }]),
    settleIntents: (state, lease) => state.settleIntents(lease, []),
    closeIntents: (state, lease) => state.closeIntents(lease, ['p']),
    stageDeletions: (state, lease) => state.stageDeletions(lease, 'r', [{ documentId: 'a', verdict: 'deleted' }]),
    unstageDeletions: (state, lease) => state.unstageDeletions(lease, ['a']),
    commitDeletions: (state, lease) => state.commitDeletions(lease, 'r', ['a']),
    recordFailures: (state, lease) => state.recordFailures(lease, 'r', undefined, [{ stub, code: 'c', message: 'm', hint: 'h' }]),
    clearFailures: (state, lease) => state.clearFailures(lease, ['a']),
    updateDocumentState: (state, lease) => state.updateDocumentState(lease, 'r', { documentId: 'a', version: 1 }, {}),
    markDocumentDeleted: (state, lease) => state.markDocumentDeleted(lease, 'r', 'a'),
  }

  it.each(Object.keys(writes))('that was lost writes nothing any more (%s)', async (method) => {
    await using test = await openTestState()
    const { state, clock } = test
    const lost = await state.acquireLease(REF)
    await state.startRun(lost, { runId: 'r', mode: 'full', cursorBefore: undefined })
    await state.commitDocuments(lost, 'r', 'l1', [commitOf('a', {})])
    clock.advance(30_000)
    await state.acquireLease(REF)
    const before = [await state.getSource(REF), await state.getDocumentState(REF, 'a'), await state.getLastIngestion(REF)]
    await expect(writes[method]?.(state, lost)).rejects.toMatchObject({ code: 'lease_lost', kind: 'transient' })
    const after = [await state.getSource(REF), await state.getDocumentState(REF, 'a'), await state.getLastIngestion(REF)]
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
