import { describe, expect, it } from 'vitest'
import { PublicDocsConfig } from './config.ts'

const BASE = { base_url: 'https://docs.example.com/manual/' }
const problemsOf = (config: unknown) => PublicDocsConfig.safeParse(config).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? []

describe('the configuration of a documentation site', () => {
  it('needs an address only', () => {
    expect(PublicDocsConfig.parse(BASE)).toEqual({
      ...BASE,
      sitemap: 'auto',
      selectors: {},
      max_depth: 50,
      max_pages: 10_000,
      requests_per_minute: 600,
      respect_robots: true,
      allow_private_networks: false,
    })
  })

  it('takes one value or a list', () => {
    const config = { ...BASE, path_pattern: 'guide/**', exclude_paths: ['a', 'b'], selectors: { content: 'main', remove: ['.x', '.y'] }, sitemap: 'https://docs.example.com/map.xml', requests_per_minute: 60_000 }
    expect(PublicDocsConfig.parse(config)).toMatchObject({ path_pattern: ['guide/**'], exclude_paths: ['a', 'b'], selectors: { content: ['main'], remove: ['.x', '.y'] } })
  })

  it.each([
    [{ base_url: 'docs.example.com' }, 'base_url must be a whole URL'],
    [{ base_url: 'ftp://docs.example.com/' }, 'base_url must start with https'],
    [{ base_url: 'https://user:password@docs.example.com/' }, 'base_url must not hold a user or a password'],
    [{ ...BASE, path_pattern: '!a' }, 'path_pattern must not start with "!"'],
    [{ ...BASE, selectors: { content: 'main[' } }, 'selectors.content is not a selector'],
    [{ ...BASE, max_pages: 0 }, 'max_pages'],
    [{ ...BASE, pace: 3 }, 'Unrecognized key'],
  ])('says what is wrong with %j', (config, problem) => {
    expect(problemsOf(config).join('\n')).toContain(problem)
    expect(problemsOf(config).join('\n')).not.toContain('password@')
  })
})
