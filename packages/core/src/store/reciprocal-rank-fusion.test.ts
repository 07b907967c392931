import { expect, it } from 'vitest'
import { payloadOf } from '../../test/store/point-fixtures.ts'
import { fuseByReciprocalRank } from './reciprocal-rank-fusion.ts'

const hit = (id: string) => ({ id, score: 1, payload: payloadOf(id) })

it('adds 1 / (60 + rank) of every list, and breaks ties by id', () => {
  const fused = fuseByReciprocalRank([[hit('b'), hit('c')], [hit('a'), hit('c')]], 3)
  expect(fused.map(({ id }) => id)).toEqual(['c', 'a', 'b'])
  expect(fused.map(({ score }) => score)).toEqual([1 / 62 + 1 / 62, 1 / 61, 1 / 61])
})

it('cuts at the limit', () => {
  expect(fuseByReciprocalRank([[hit('b'), hit('c')]], 1).map(({ id }) => id)).toEqual(['b'])
  expect(fuseByReciprocalRank([[], []], 5)).toEqual([])
})
