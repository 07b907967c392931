import { expect, it } from 'vitest'
import { nextIn } from './next-link.ts'
import { walk } from './walk.ts'

it('ends where there is no next page, and nowhere else', async () => {
  const [one, two] = [{ id: '1' }, { id: '2' }]
  const pages = [{ items: [one], next: 'a' }, { items: [], next: 'b' }, { items: [], next: 'c' }, { items: [two], next: undefined }]
  const asked: (string | undefined)[] = []
  const load = async (next: string | undefined) => {
    asked.push(next)
    return pages[asked.length - 1] ?? { items: [], next: undefined }
  }
  expect(await walk(load, { what: 'pages' })).toEqual([one, two])
  expect(asked).toEqual([undefined, 'a', 'b', 'c'])
})

it('does not go in circles', async () => {
  const load = async () => ({ items: [{ id: '1' }], next: 'again' })
  await expect(walk(load, { what: 'pages' })).rejects.toMatchObject({ code: 'confluence_listing_broken' })
})

it.each([
  ['empty', () => []],
  ['the same', () => [{ id: '1' }]],
])('C2: a listing whose new cursors lead on for ever (%s) is an error, after so many pages', async (_what, items) => {
  let asked = 0
  const load = async () => ({ items: items(), next: `cursor ${(asked += 1)}` })
  await expect(walk(load, { what: 'pages' })).rejects.toMatchObject({ code: 'confluence_listing_broken', kind: 'transient' })
  expect(asked).toBeLessThan(250)
})

it('does not take a next link that leads nowhere for the end', () => {
  expect(nextIn(undefined, 'cursor', 'pages')).toBeUndefined()
  expect(nextIn('/wiki/api/v2/pages?limit=250&cursor=abc%3D', 'cursor', 'pages')).toBe('abc=')
  expect(() => nextIn('/wiki/api/v2/pages?limit=250', 'cursor', 'pages')).toThrow(expect.objectContaining({ code: 'confluence_listing_broken' }) as Error)
})
