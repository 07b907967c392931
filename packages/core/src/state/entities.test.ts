import { describe, expect, it } from 'vitest'
import { commitOf, FINGERPRINTS, openTestState, REF, START } from '../../test/state/test-state.ts'
import { createDataSource } from './data-source.ts'
import { ChunkState, DocumentState, Failure, IngestionHistory, Lease, MetricSample, SourceState } from './entities/index.ts'

describe('the entities', () => {
  it('read through TypeORM what the statements of a run wrote', async () => {
    await using test = await openTestState()
    const { state, clock } = test
    const lease = await state.leases.acquire(REF)
    await state.runs.start(lease, { runId: 'r1', mode: 'full', cursorBefore: { n: 1 } })
    await state.documents.commit(lease, 'r1', 'l1', [commitOf('a', { points: ['0123456789'] })])
    await state.deletions.stage(lease, 'r1', [{ documentId: 'a', verdict: 'hidden', movedTo: 'b' }])
    const stub = commitOf('c', {}).document.stub
    await state.failures.record(lease, 'r1', undefined, [{ stub, code: 'x', message: 'm', hint: 'h' }])
    await state.metrics.record([{ runId: 'r1', name: 'rate', value: 0.5, at: new Date(START) }])
    await state.sources.update(lease, { reconciled: true, lastSuccessAt: new Date(START) })
    clock.advance(1_000)
    await state.leases.heartbeat(lease)
    const source = await createDataSource({ path: test.path, tablePrefix: 'qdrant_loader_' })
    await source.initialize()
    try {
      const { manager } = source
      expect(await manager.find(SourceState)).toMatchObject([{ ...REF, reconciled: true, lastSuccessAt: new Date(START) }])
      expect(await manager.find(IngestionHistory)).toMatchObject([
        { runId: 'r1', status: 'running', startedAt: new Date(START), finishedAt: null, cursorBefore: { n: 1 } },
      ])
      expect(await manager.find(DocumentState)).toMatchObject([
        { documentId: 'a', status: 'staged', movedTo: 'b', stagedAt: new Date(START), deletedAt: null, version: 2 },
      ])
      expect(await manager.find(ChunkState)).toMatchObject([{ pointId: '0123456789', pointKey: '01234567', position: 0 }])
      expect(await manager.find(Failure)).toMatchObject([{ documentId: 'c', attempts: 1, firstFailedAt: new Date(START) }])
      expect(await manager.find(Lease)).toMatchObject([{ holder: lease.holder, heartbeatAt: new Date(START + 1_000) }])
      expect(await manager.find(MetricSample)).toMatchObject([{ name: 'rate', value: 0.5, at: new Date(START) }])
      await manager.update(SourceState, { source: REF.source }, { lastListingAt: new Date(START) })
    } finally {
      await source.destroy()
    }
    expect((await state.sources.get(REF))?.lastListingAt).toEqual(new Date(START))
    expect((await state.getDocumentState(REF, 'a'))?.fingerprints).toEqual(FINGERPRINTS)
  })
})
