import { z } from 'zod'

const NO_LINE_BREAKS = /^[^\r\n\0]*$/
const PROJECT_KEY = /^[A-Za-z][A-Za-z0-9_-]*$/
const CLOUD_HOST = /(?:^|\.)(?:atlassian\.net|jira\.com|jira-dev\.com)$|^api\.atlassian\.com$/i

function listOf<Item extends z.ZodType<string>>(item: Item) {
  return z.union([item, z.array(item).min(1)]).transform((value): string[] => (typeof value === 'string' ? [value] : [...value]))
}

const name = z.string().trim().min(1)

function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL such as https://example.atlassian.net or https://jira.example.com/jira'
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must start with https:// or http://'
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password; use `email` and `token`'
  if (url.search !== '' || url.hash !== '') return 'must end with the path, without ? or #'
  return undefined
}

/** One source of type `jira` as the user writes it; the parsed form has lists and defaults filled in. */
export const JiraConfig = z
  .strictObject({
    base_url: z
      .string()
      .superRefine((url, context) => {
        const problem = urlProblem(url)
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
      })
      .transform((url) => url.replace(/(?<!\/)\/+$/, ''))
      .describe('The address of Jira, on Data Center with its context path: `https://example.atlassian.net`, `https://example.com/jira`.'),
    deployment_type: z
      .enum(['cloud', 'datacenter'])
      .optional()
      .describe('Absent: `cloud` for hosts of Atlassian (`*.atlassian.net`), otherwise `datacenter`.'),
    project_key: listOf(z.string().trim().transform((key) => key.toUpperCase()))
      .optional()
      .describe('The key of the project to read, or a list of keys. Either this or `jql`.'),
    jql: z.string().trim().min(1).optional().describe('A query whose issues are read, in place of `project_key`. An ORDER BY in it is ignored.'),
    email: z.string().trim().min(1).regex(NO_LINE_BREAKS, 'must be one line').optional().describe('On Cloud: the account that the API token belongs to.'),
    token: z
      .string()
      .min(1)
      .regex(NO_LINE_BREAKS, 'must be one line')
      .optional()
      .meta({ writeOnly: true, description: 'On Cloud an API token, on Data Center a personal access token. Absent: what everybody may see.' }),
    issue_types: listOf(name).optional().describe('Names of the issue types to read, one or a list. Absent: all.'),
    include_statuses: listOf(name).optional().describe('Names of the statuses whose issues are read, one or a list. Absent: all.'),
    content_fields: listOf(name)
      .optional()
      .describe('Fields whose text is a section of the document, by name or id, one or a list: custom fields of type text or rich text, and of apps.'),
    extra_fields: listOf(name)
      .optional()
      .describe('Further fields to read, by name or id, one or a list. What Jira calls text becomes a section, everything else payload.'),
    include_comments: z.boolean().default(false).describe('Whether the comments belong to the text of an issue.'),
    requests_per_minute: z.int().min(1).max(60_000).optional().describe('The fastest pace. Absent: as fast as the server allows.'),
  })
  .superRefine((config, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (config.project_key === undefined && config.jql === undefined) wrong('project_key', 'is missing: name a project, or give a query in `jql`')
    for (const key of config.project_key ?? []) if (!PROJECT_KEY.test(key)) wrong('project_key', `"${key}" must be a project key such as ABC`)
    if (config.project_key !== undefined && config.jql !== undefined) wrong('jql', 'cannot stand beside `project_key`; name the projects in the query')
    const cloud = deploymentOf(config) === 'cloud'
    if (cloud && config.token !== undefined && config.email === undefined) wrong('email', 'is missing: an API token of Jira Cloud works together with the e-mail of its account')
    if (config.email !== undefined && config.token === undefined) wrong('token', 'is missing: `email` works together with an API token')
    if (!cloud && config.email !== undefined) wrong('email', 'is for Jira Cloud; on Data Center the personal access token in `token` is enough')
  })

export type JiraConfig = z.output<typeof JiraConfig>

/** The two kinds of Jira. */
export type Deployment = 'cloud' | 'datacenter'

/** Which kind of Jira a configuration means. */
export function deploymentOf(config: Pick<JiraConfig, 'base_url' | 'deployment_type'>): Deployment {
  if (config.deployment_type !== undefined) return config.deployment_type
  return URL.canParse(config.base_url) && CLOUD_HOST.test(new URL(config.base_url).hostname) ? 'cloud' : 'datacenter'
}
