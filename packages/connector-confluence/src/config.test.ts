import { expect, it } from 'vitest'
import { ConfluenceConfig } from './config.ts'
import { deploymentOf, siteAt } from './site/base-url.ts'

const CLOUD = { base_url: 'https://example.atlassian.net', space_key: 'DEV', email: 'ada@example.com', token: 'secret' }
const DATACENTER = { base_url: 'https://wiki.example.com/confluence', space_key: 'DEV', token: 'secret' }

it('fills defaults in, and makes lists of single values', () => {
  expect(ConfluenceConfig.parse({ ...CLOUD, ancestors: 123, include_labels: ['A', 'a', 'b'] })).toEqual({
    ...CLOUD,
    space_key: ['DEV'],
    content_types: ['page', 'blogpost'],
    ancestors: ['123'],
    include_labels: ['a', 'b'],
    include_comments: false,
    on_hidden: 'remove',
    request_timeout: 30_000,
  })
})

it.each([
  ['a Cloud token without its e-mail address', { ...CLOUD, email: undefined }, 'email'],
  ['an e-mail address without a token', { ...CLOUD, token: undefined }, 'token'],
  ['a base_url that is none', { ...CLOUD, base_url: 'example.atlassian.net' }, 'base_url'],
  ['a password in base_url', { ...CLOUD, base_url: 'https://ada:secret@example.atlassian.net' }, 'base_url'],
  ['the name of a space', { ...CLOUD, space_key: 'My Space' }, 'space_key'],
  ['no space', { ...CLOUD, space_key: [] }, 'space_key'],
  ['the title of an ancestor', { ...CLOUD, ancestors: 'Home' }, 'ancestors'],
  ['a token of two lines', { ...CLOUD, token: 'a\nb' }, 'token'],
  ['an unknown key', { ...CLOUD, spaces: 'DEV' }, 'spaces'],
])('refuses %s', (_what, config, key) => {
  const { error } = ConfluenceConfig.safeParse(config)
  expect(JSON.stringify(error?.issues)).toContain(key)
  expect(JSON.stringify(error?.issues)).not.toContain('secret')
})

it.each(['DEV', '~jane', '~jane@example.com', '~jörg', '~712020:0a1b'])('takes the key %s', (key) => {
  expect(ConfluenceConfig.parse({ ...CLOUD, space_key: key }).space_key).toEqual([key])
})

it('takes a bearer token on Data Center, and through the gateway', () => {
  expect(ConfluenceConfig.safeParse(DATACENTER).success).toBe(true)
  expect(ConfluenceConfig.safeParse({ ...DATACENTER, base_url: 'https://api.atlassian.com/ex/confluence/some-id' }).success).toBe(true)
})

it.each([
  ['https://example.atlassian.net', 'cloud'],
  ['https://api.atlassian.com/ex/confluence/some-id', 'cloud'],
  ['https://wiki.example.com', 'datacenter'],
  ['https://notatlassian.net', 'datacenter'],
] as const)('takes %s for %s', (url, deployment) => {
  expect(deploymentOf(url)).toBe(deployment)
})

it.each(['https://example.atlassian.net', 'https://example.atlassian.net/', 'https://example.atlassian.net/wiki', 'https://example.atlassian.net/wiki/spaces/DEV/overview'])(
  'finds Cloud at %s',
  (url) => {
    expect(siteAt(url, 'cloud')).toEqual({ deployment: 'cloud', apiUrl: 'https://example.atlassian.net', webUrl: 'https://example.atlassian.net/wiki' })
  },
)

it('keeps the context path of Data Center', () => {
  expect(siteAt('https://example.com/confluence/', 'datacenter')).toMatchObject({ apiUrl: 'https://example.com/confluence', webUrl: 'https://example.com/confluence' })
  expect(siteAt('https://example.com', 'datacenter')).toMatchObject({ apiUrl: 'https://example.com', webUrl: 'https://example.com' })
})
