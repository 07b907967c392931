import { expect, it } from 'vitest'
import { nextIn } from './next-link.ts'
import { walk } from './walk.ts'

it('ends where there is no next page, and nowhere else', async () => {
  const pages = [{ items: [1], next: 'a' }, { items: [], next: 'b' }, { items: [], next: 'c' }, { items: [2], next: undefined }]
  const asked: (string | undefined)[] = []
  const load = async (next: string | undefined) => {
    asked.push(next)
    return pages[asked.length - 1] ?? { items: [], next: undefined }
  }
  expect(await walk(load, { what: 'pages' })).toEqual([1, 2])
  expect(asked).toEqual([undefined, 'a', 'b', 'c'])
})

it('does not go in circles', async () => {
  const load = async () => ({ items: [1], next: 'again' })
  await expect(walk(load, { what: 'pages' })).rejects.toMatchObject({ code: 'confluence_listing_broken' })
})

it('does not take a next link that leads nowhere for the end', () => {
  expect(nextIn(undefined, 'cursor', 'pages')).toBeUndefined()
  expect(nextIn('/wiki/api/v2/pages?limit=250&cursor=abc%3D', 'cursor', 'pages')).toBe('abc=')
  expect(() => nextIn('/wiki/api/v2/pages?limit=250', 'cursor', 'pages')).toThrow(expect.objectContaining({ code: 'confluence_listing_broken' }) as Error)
})
