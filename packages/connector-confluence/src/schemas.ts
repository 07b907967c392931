import { z } from 'zod'
import { confluenceError } from './codes.ts'

/** A field that may be missing or null, which means the same. */
function maybe<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined)
}

/** A moment as the server writes it, in whatever zone; in UTC afterwards. */
const moment = z
  .string()
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()), 'is no time')
  .transform((date) => date.toISOString())

const id = z.union([z.string(), z.number()]).transform(String)

/** A page of a listing, in both versions of the API. */
export interface ResultsOf<Item> {
  readonly results: readonly Item[]
  readonly _links?: { readonly next?: string | undefined } | undefined
  /** Version 1: how many rows were looked at. */
  readonly limit?: number | undefined
}

const links = maybe(z.object({ next: maybe(z.string()) }))

/** A list inside of a content, which may be cut off. */
function expanded<Item extends z.ZodType>(item: Item) {
  return z.object({ results: z.array(item), limit: maybe(z.number()), size: maybe(z.number()), _links: links })
}

const Label = z.object({ id, name: z.string(), prefix: maybe(z.string()) })
const Attachment = z.object({ id, title: z.string() })

/** A list inside of a content, whatever is in it. */
export type Expanded = ResultsOf<unknown> & { readonly limit?: number | undefined; readonly size?: number | undefined }

/** Answers of version 2 of the REST API (Cloud). Only the fields that are used. */
export const PageV2 = z.object({
  id,
  status: z.string(),
  title: z.string().nullish().transform((title) => title ?? ''),
  spaceId: id,
  parentId: maybe(id),
  parentType: maybe(z.string()),
  authorId: maybe(z.string()),
  createdAt: maybe(moment),
  version: z.object({ number: z.number(), createdAt: maybe(moment), authorId: maybe(z.string()) }),
  body: maybe(z.object({ storage: maybe(z.object({ value: z.string() })) })),
})

export type PageV2 = z.output<typeof PageV2>

export const PagesV2 = z.object({ results: z.array(PageV2), _links: links })
export const SpacesV2 = z.object({
  results: z.array(z.object({ id, key: z.string(), name: maybe(z.string()), status: maybe(z.string()) })),
  _links: maybe(z.object({ next: maybe(z.string()), base: maybe(z.string()) })),
})
export const LabelsV2 = z.object({ results: z.array(Label), _links: links })
export const AttachmentsV2 = z.object({ results: z.array(Attachment), _links: links })
export const CommentV2 = z.object({ id, status: z.string(), ...PageV2.pick({ version: true, body: true, title: true }).shape })
export const UsersV2 = z.object({ results: z.array(z.object({ accountId: z.string(), displayName: maybe(z.string()) })) })

const UserV1 = z.object({
  type: maybe(z.string()),
  accountId: maybe(z.string()),
  userKey: maybe(z.string()),
  username: maybe(z.string()),
  displayName: maybe(z.string()),
  publicName: maybe(z.string()),
})

export type UserV1 = z.output<typeof UserV1>
export { UserV1 as UserV1Schema }

/** Content as version 1 writes it: Data Center's own API, and Cloud's search. */
export const ContentV1 = z.object({
  id,
  type: z.string(),
  status: z.string(),
  title: z.string().nullish().transform((title) => title ?? ''),
  space: maybe(z.object({ key: z.string(), name: maybe(z.string()) })),
  version: maybe(z.object({ number: z.number(), when: maybe(moment), by: maybe(UserV1) })),
  history: maybe(z.object({ createdDate: maybe(moment), createdBy: maybe(UserV1) })),
  ancestors: maybe(z.array(z.object({ id, type: maybe(z.string()), title: maybe(z.string()) }))),
  container: maybe(z.object({ id, type: maybe(z.string()) })),
  metadata: maybe(z.object({ labels: maybe(expanded(Label)) })),
  children: maybe(z.object({ attachment: maybe(expanded(Attachment)) })),
  extensions: maybe(z.object({ location: maybe(z.string()) })),
  body: maybe(z.object({ storage: maybe(z.object({ value: z.string() })) })),
})

export type ContentV1 = z.output<typeof ContentV1>

const rowsLookedAt = z.unknown().optional().transform((limit) => (typeof limit === 'number' && limit >= 1 ? Math.floor(limit) : undefined))

export const ContentsV1 = z.object({ results: z.array(ContentV1), limit: rowsLookedAt, _links: links })
/** The search of a whole site; some of what it finds is no content. */
export const HitsV1 = z.object({ results: z.array(z.object({ content: maybe(ContentV1) })), limit: rowsLookedAt, _links: links })
export const SpacesV1 = z.object({
  results: z.array(z.object({ id, key: z.string(), name: maybe(z.string()), status: maybe(z.string()) })),
  limit: rowsLookedAt,
  _links: links,
})
export const LabelsV1 = LabelsV2.extend({ limit: rowsLookedAt })
export const AttachmentsV1 = AttachmentsV2.extend({ limit: rowsLookedAt })

/**
 * Reads an answer.
 *
 * @throws LoaderError `confluence_bad_answer`, transient: an answer that is not understood counts as none at all.
 */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, answer: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw confluenceError('confluence_bad_answer', { what, difference: `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` })
}
