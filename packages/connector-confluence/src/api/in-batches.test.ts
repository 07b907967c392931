import { expect, it } from 'vitest'
import { mapLimited } from './in-batches.ts'

it('does work for each item, few at once, and keeps their order', async () => {
  let [running, most] = [0, 0]
  const results = await mapLimited([3, 1, 2, 0, 4], 2, async (item) => {
    running += 1
    most = Math.max(most, running)
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve()
    running -= 1
    return item * 10
  })
  expect(results).toEqual([30, 10, 20, 0, 40])
  expect(most).toBe(2)
})

it('begins nothing more after a failure', async () => {
  const begun: number[] = []
  const work = mapLimited([0, 1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item)
    await Promise.resolve()
    if (item === 1) throw new Error('no')
  })
  await expect(work).rejects.toThrow('no')
  await Promise.resolve()
  expect(begun.length).toBeLessThanOrEqual(4)
})
