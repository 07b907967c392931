import { expect, it } from 'vitest'
import { siteAt } from './base-url.ts'
import { attachmentUrl, commentUrl, linkedPageUrl, pageUrl } from './location.ts'

const CLOUD = siteAt('https://example.atlassian.net', 'cloud')
const DATACENTER = siteAt('https://example.com/confluence', 'datacenter')
const PAGE = { id: '12', kind: 'page', space: '~ada' } as const
const POST = { id: '13', kind: 'blogpost', space: 'DEV' } as const

it('leads to pages by their id, so that a new title changes nothing', () => {
  expect(pageUrl(CLOUD, PAGE)).toBe('https://example.atlassian.net/wiki/spaces/~ada/pages/12')
  expect(pageUrl(CLOUD, POST)).toBe('https://example.atlassian.net/wiki/pages/viewpage.action?pageId=13')
  expect(pageUrl(DATACENTER, PAGE)).toBe('https://example.com/confluence/pages/viewpage.action?pageId=12')
})

it('leads to comments on their page', () => {
  expect(commentUrl(CLOUD, PAGE, '7')).toBe('https://example.atlassian.net/wiki/spaces/~ada/pages/12?focusedCommentId=7')
  expect(commentUrl(DATACENTER, PAGE, '7')).toBe('https://example.com/confluence/pages/viewpage.action?pageId=12&focusedCommentId=7')
})

it('leads to linked pages by name, which needs no request', () => {
  expect(linkedPageUrl(CLOUD, { kind: 'page', spaceKey: 'DEV', title: 'How & why' })).toBe(
    'https://example.atlassian.net/wiki/pages/viewpage.action?spaceKey=DEV&title=How%20%26%20why',
  )
  expect(linkedPageUrl(CLOUD, { kind: 'page', contentId: '5' })).toBe('https://example.atlassian.net/wiki/pages/viewpage.action?pageId=5')
  expect(linkedPageUrl(CLOUD, { kind: 'page' })).toBeUndefined()
})

it('leads to attached files', () => {
  expect(attachmentUrl(DATACENTER, '12', 'a plan.pdf')).toBe('https://example.com/confluence/download/attachments/12/a%20plan.pdf')
})
