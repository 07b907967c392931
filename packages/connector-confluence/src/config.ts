import { z } from 'zod'
import { baseUrlProblem, deploymentOf, isGateway } from './site/base-url.ts'

const contentType = z.enum(['page', 'blogpost'])
// Personal spaces are named after users, who on Data Center may be called anything.
const spaceKey = z.string().regex(/^(?:~\S+|[A-Za-z0-9._:-]+)$/, 'must be the key of a space, such as DEV or ~jane, not its name')
const pageId = z
  .union([z.string().regex(/^\d+$/, 'must be the id of a page, the digits in its address'), z.number().int().positive()])
  .transform(String)
const label = z
  .string()
  .min(1)
  .regex(/^\S+$/, 'must be one label; labels have no spaces')
  .transform((name) => name.toLowerCase())
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
/** A duration as the user writes it; in milliseconds afterwards. */
const duration = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:ms|s|m|h)$/, 'must be a duration such as 30s or 2m')
  .transform((text) => Number.parseFloat(text) * (UNITS[text.replace(/^[\d.]+/, '')] ?? 1))
  .refine((ms) => ms >= 100 && ms <= 3_600_000, 'must be between 100ms and 1h')
const oneLine = /^[^\r\n\0]*$/

/** One value or a list; the parsed form is a list without repetitions. */
function listOf<Item extends z.ZodType<string, unknown>>(item: Item) {
  return z.union([item.transform((value) => [value]), z.array(item).min(1)]).transform((values): string[] => [...new Set(values)])
}

/** One source of type `confluence` as the user writes it; the parsed form has lists and defaults filled in. */
export const ConfluenceConfig = z
  .strictObject({
    base_url: z
      .string()
      .superRefine((url, context) => {
        const problem = baseUrlProblem(url)
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
      })
      .describe('Address of Confluence. Cloud: with or without `/wiki`. Data Center: with its context path.'),
    deployment_type: z
      .enum(['cloud', 'datacenter'])
      .optional()
      .describe('Which Confluence it is. Absent: `cloud` for `*.atlassian.net`, else `datacenter`.'),
    space_key: listOf(spaceKey).describe('Keys of the spaces to read, one or a list.'),
    email: z
      .string()
      .min(1)
      .regex(oneLine, 'must be one line')
      .regex(/^[^:]*$/, 'cannot contain a colon')
      .optional()
      .describe('Cloud: e-mail address of the account that the API token belongs to. Data Center: user name, only when `token` is a password.'),
    token: z
      .string()
      .min(1)
      .regex(oneLine, 'must be one line')
      .optional()
      .meta({ writeOnly: true, description: 'Cloud: API token. Data Center: personal access token. Absent: what everybody may read.' }),
    content_types: z
      .union([contentType.transform((type) => [type]), z.array(contentType).min(1)])
      .default(['page', 'blogpost'])
      .transform((types) => [...new Set(types)])
      .describe('What to read: `page`, `blogpost`, or both.'),
    ancestors: listOf(pageId).optional().describe('Ids of pages; only these and the pages below them are read. Absent: whole spaces.'),
    include_labels: listOf(label).optional().describe('Only pages with at least one of these labels are read.'),
    exclude_labels: listOf(label).optional().describe('Pages with one of these labels are left out; wins over include_labels.'),
    include_comments: z.boolean().default(false).describe('Reads footer and inline comments too, each as a document of its own.'),
    on_hidden: z
      .enum(['keep', 'remove'])
      .default('remove')
      .describe('What happens to pages that these credentials can no longer see, once a second run has confirmed it.'),
    request_timeout: duration
      .default(30_000)
      .describe('Longest time of one request, headers and body together. What takes longer is asked for in smaller parts.'),
    requests_per_minute: z.number().positive().max(60_000).optional().describe('Pace of requests. Absent: as fast as the server allows.'),
  })
  .superRefine((config, context) => {
    if (baseUrlProblem(config.base_url) !== undefined) return
    const cloud = (config.deployment_type ?? deploymentOf(config.base_url)) === 'cloud'
    if (config.email !== undefined && config.token === undefined) {
      context.addIssue({ code: 'custom', path: ['token'], message: 'is missing: email needs the API token that belongs to it' })
    }
    if (cloud && config.token !== undefined && config.email === undefined && !isGateway(new URL(config.base_url).hostname)) {
      context.addIssue({
        code: 'custom',
        path: ['email'],
        message: 'is missing: Confluence Cloud wants the e-mail address of the account that the API token belongs to',
      })
    }
  })

export type ConfluenceConfig = z.output<typeof ConfluenceConfig>
