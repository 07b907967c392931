import { selectorProblem } from '@qdrant-loader/content'
import { z } from 'zod'
import { globProblem } from './selection.ts'
import { cleanUrl } from './site/url-form.ts'

function listOf<Item extends z.ZodType<string>>(item: Item) {
  return z.union([item, z.array(item).min(1)]).transform((value): string[] => (typeof value === 'string' ? [value] : [...value]))
}

const glob = z.string().superRefine((pattern, context) => {
  const problem = globProblem(pattern)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

const selector = z.string().superRefine((text, context) => {
  const problem = selectorProblem(text)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: `is not a selector that can be used: ${problem}` })
})

function addressProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a whole URL, such as https://docs.example.com/'
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must start with https:// or http://'
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password: use `auth`'
  return cleanUrl(text) === undefined ? 'is too long' : undefined
}

const address = z.string().superRefine((text, context) => {
  const problem = addressProblem(text)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

/** Set by the crawler itself, or by the connection. */
const RESERVED = /^(?:host|connection|content-length|transfer-encoding|te|upgrade|if-(?:none-match|modified-since)|accept-encoding|user-agent)$/i

const headerName = z.string().superRefine((name, context) => {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) context.addIssue({ code: 'custom', message: 'is not the name of a header' })
  else if (RESERVED.test(name)) context.addIssue({ code: 'custom', message: `${name} is set by the crawler itself` })
})
const headerValue = z
  .string()
  .regex(/^[\t\x20-\x7E\x80-\xFF]*$/, 'must be one line that a header can hold')
  .meta({ writeOnly: true })

const Auth = z
  .strictObject({
    username: z.string().min(1).regex(/^[^:]*$/, 'must not hold a colon').optional().describe('User name, for basic authentication.'),
    password: z.string().min(1).optional().meta({ writeOnly: true, description: 'Password that belongs to `username`.' }),
    token: z.string().min(1).regex(/^[\x21-\x7E]*$/, 'must be one word').optional().meta({ writeOnly: true, description: 'Bearer token, instead of a user name and a password.' }),
  })
  .superRefine(({ username, password, token }, context) => {
    if (token !== undefined && (username !== undefined || password !== undefined)) {
      context.addIssue({ code: 'custom', path: ['token'], message: 'stands alone: take it, or `username` and `password`' })
    } else if (token === undefined && (username === undefined || password === undefined)) {
      context.addIssue({ code: 'custom', message: 'needs `username` and `password`, or `token`' })
    }
  })

/** One source of type `public-docs` as the user writes it; the parsed form has lists and defaults filled in. */
export const PublicDocsConfig = z.strictObject({
  base_url: address.describe('Where the documentation starts. Its pages are those of this host whose path lies in the folder of this URL.'),
  path_pattern: listOf(glob)
    .optional()
    .describe('Globs on the path of the URL. With a leading slash on the whole path, else below base_url. A folder stands for everything in it. Absent: every page.'),
  exclude_paths: listOf(glob).optional().describe('Globs as in path_pattern; they win over it. Excluded pages are not requested.'),
  sitemap: z
    .union([z.enum(['auto', 'off']), address])
    .default('auto')
    .describe('`auto`: the sitemaps that robots.txt names, else /sitemap.xml. Or the URL of one. `off`: links alone.'),
  selectors: z
    .strictObject({
      content: listOf(selector).optional().describe('CSS selectors of the main content. Absent: the usual landmarks, else what reads like the main text.'),
      remove: listOf(selector).optional().describe('CSS selectors of what is taken out of the main content.'),
      code_blocks: listOf(selector).optional().describe('CSS selectors of code blocks that are no `pre`.'),
    })
    .prefault({})
    .describe('Where the text of a page is.'),
  max_depth: z.number().int().min(0).default(50).describe('Links to follow from base_url or from a page of the sitemap.'),
  max_pages: z.number().int().min(1).max(1_000_000).default(10_000).describe('Pages to read, nearest first. The rest is out of scope.'),
  requests_per_minute: z.number().positive().max(1_000_000).default(600).describe('Longest pace. A slower Crawl-delay in robots.txt wins.'),
  respect_robots: z
    .boolean()
    .default(true)
    .describe('Keep to robots.txt, its Crawl-delay, and `noindex` and `nofollow` of pages. Set it to false only for your own site.'),
  headers: z
    .record(headerName, headerValue)
    .optional()
    .describe('Headers that are sent with each request to the host of base_url, such as a cookie or an API key. Never sent to another host.'),
  auth: Auth.optional().describe('How to sign in: `username` and `password` (basic), or `token` (bearer). Never sent to another host.'),
  allow_private_networks: z.boolean().default(false).describe('Allow addresses of private networks and of this machine.'),
})

export type PublicDocsConfig = z.output<typeof PublicDocsConfig>
