import { z } from 'zod'
import { HOST_TYPES } from './remote/host-type.ts'
import { templateProblem } from './remote/location.ts'
import { refProblem } from './remote/ref-name.ts'
import { parseRemote } from './remote/remote.ts'
import { globProblem } from './selection.ts'
import { LEAVE_OUT } from './tree/left-out.ts'
import type { LeftOut } from './tree/left-out.ts'

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 }
const SIZE = /^(\d+(?:\.\d+)?)\s*(|B|KB|MB|GB|KiB|MiB|GiB)$/i

/** Bytes of `1MB`, `500 KiB`, `20000` or a number; undefined for anything else. Units are powers of 1,000 without `i`. */
function parseSize(size: string | number): number | undefined {
  if (typeof size === 'number') return Number.isSafeInteger(size) && size > 0 ? size : undefined
  const match = SIZE.exec(size.trim())
  const bytes = match ? Math.round(Number(match[1]) * (UNITS[(match[2] ?? '').toUpperCase()] ?? Number.NaN)) : Number.NaN
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined
}

const glob = z.string().superRefine((pattern, context) => {
  const problem = globProblem(pattern)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

const fileType = glob.refine((pattern) => !pattern.includes('/'), {
  message: 'is matched against the file name alone, so it cannot contain "/"; use include_paths for folders',
})

function listOf<Item extends z.ZodType<string>>(item: Item) {
  return z.union([item, z.array(item).min(1)]).transform((value): string[] => (typeof value === 'string' ? [value] : [...value]))
}

const ref = z.string().superRefine((name, context) => {
  const problem = refProblem(name)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

const kind = (description: string) => z.boolean().default(true).describe(description)

/** Files that nobody asks about. Each kind can be taken in again. */
const leaveOut = z
  .strictObject({
    ...(Object.fromEntries(Object.entries(LEAVE_OUT).map(([name, description]) => [name, kind(description)])) as Record<LeftOut, ReturnType<typeof kind>>),
    marked: kind('What `.gitattributes` calls `linguist-generated` or `linguist-vendored`.'),
  })
  .prefault({})
  .describe('Selected files that are left out all the same, and counted as `generated`. `false` takes a kind in.')

/** One source of type `git` as the user writes it; the parsed form has lists, bytes and defaults filled in. */
export const GitConfig = z
  .strictObject({
    base_url: z
      .string()
      .min(1)
      .superRefine((url, context) => {
        const remote = parseRemote(url, '/')
        if ('problem' in remote) context.addIssue({ code: 'custom', message: remote.problem })
      })
      .describe('The repository: an https, http, ssh, git or file URL, `user@host:path`, or a path relative to the configuration file.'),
    ref: ref.describe("The branch, tag or commit to read. Absent: the remote's default branch, also when that changes.").optional(),
    branch: ref.describe('The same as `ref`, which may be any of the three.').optional(),
    include_paths: listOf(glob)
      .optional()
      .describe('Globs on the path in the repository. A folder stands for everything in it. Absent: every path.'),
    exclude_paths: listOf(glob).optional().describe('Globs on the path in the repository; they win over include_paths.'),
    file_types: listOf(fileType).optional().describe('Globs on the file name, without regard to case, such as `*.md`. Absent: every file with text in it.'),
    include_drafts: z.boolean().default(false).describe('Also index pages whose front matter says `draft: true` or `published: false`. They are skipped and counted otherwise.'),
    notebook_outputs: z.boolean().default(false).describe('Also index what the code of notebooks printed, up to 500 characters a cell.'),
    leave_out: leaveOut,
    max_file_size: z
      .union([z.string(), z.number()])
      .default('1MB')
      .transform((size, context) => {
        const bytes = parseSize(size)
        if (bytes !== undefined) return bytes
        context.addIssue({ code: 'custom', message: 'must be a positive size such as 500KB, 1MB or 20000' })
        return z.NEVER
      })
      .describe('Larger files are skipped and counted.'),
    max_files: z
      .int()
      .min(1)
      .default(1_000_000)
      .describe('A repository with more files than this, selected or not, is refused: a few small objects can stand for any number.'),
    host_type: z
      .enum(HOST_TYPES)
      .optional()
      .describe('How the server names pages of files, for the links of documents. Absent: told from the address; where that does not tell, a link is the address with the path behind #.'),
    url_template: z
      .string()
      .superRefine((template, context) => {
        const problem = templateProblem(template)
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
      })
      .optional()
      .describe('The link of a document, with `{path}`, `{stem}` (the path without its extension), `{name}` and `{ref}`. Wins over `host_type`.'),
    token: z
      .string()
      .min(1)
      .regex(/^[^\r\n\0]*$/, 'must be one line')
      .optional()
      .meta({ writeOnly: true, description: 'Access token for http and https remotes.' }),
  })
  .superRefine((config, context) => {
    if (config.ref !== undefined && config.branch !== undefined) {
      context.addIssue({ code: 'custom', path: ['branch'], message: 'says the same as ref; leave one of them out' })
    }
    const remote = parseRemote(config.base_url, '/')
    if (config.token !== undefined && !('problem' in remote) && remote.origin === undefined) {
      context.addIssue({ code: 'custom', path: ['token'], message: 'works with http and https URLs only; ssh uses your keys' })
    }
  })

export type GitConfig = z.output<typeof GitConfig>
