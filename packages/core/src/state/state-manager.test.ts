import { describe, expect, it } from 'vitest'
import { commitOf, openTestState, REF } from '../../test/state/test-state.ts'

describe('the state of a source', () => {
  it('commits documents and reads them back', async () => {
    await using test = await openTestState()
    const { state } = test
    const lease = await state.acquireLease(REF)
    await state.startRun(lease, { runId: 'r1', mode: 'full', cursorBefore: undefined })
    await state.recordIntents(lease, 'r1', [{ pointId: 'p1', documentId: 'a.md', operation: 'upsert' }])
    await state.commitDocuments(lease, 'r1', 'l1', [commitOf('a.md', { points: ['p1'] })])
    const found = await state.getDocuments(REF, ['a.md', 'b.md'])
    expect([...found.keys()]).toEqual(['a.md'])
    expect(found.get('a.md')).toMatchObject({ ref: REF, status: 'indexed', chunkCount: 1, version: 1, seenListing: 'l1' })
    expect(found.get('a.md')?.stub).toEqual(commitOf('a.md', {}).document.stub)
  })
})
