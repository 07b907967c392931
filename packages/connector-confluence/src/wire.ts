import { LoaderError } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'

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
  readonly _links?: { readonly next?: string | null | undefined } | null | undefined
  readonly totalSize?: number | undefined
}

const links = z.object({ next: z.string().nullish() }).nullish()

/** Answers of version 2 of the REST API (Cloud). Only the fields that are used. */
export const PageV2 = z.object({
  id,
  status: z.string(),
  title: z.string().nullish().transform((title) => title ?? ''),
  spaceId: id,
  parentId: id.nullish(),
  parentType: z.string().nullish(),
  authorId: z.string().nullish(),
  createdAt: moment.nullish(),
  version: z.object({ number: z.number(), createdAt: moment.nullish(), authorId: z.string().nullish() }),
  body: z.object({ storage: z.object({ value: z.string() }).nullish() }).nullish(),
})

export type PageV2 = z.output<typeof PageV2>

export const PagesV2 = z.object({ results: z.array(PageV2), _links: links })
export const SpacesV2 = z.object({ results: z.array(z.object({ id, key: z.string(), name: z.string().nullish() })), _links: links })
export const LabelsV2 = z.object({ results: z.array(z.object({ name: z.string(), prefix: z.string().nullish() })), _links: links })
export const FolderV2 = z.object({ id, title: z.string(), parentId: id.nullish(), parentType: z.string().nullish() })
export const CommentV2 = z.object({ id, status: z.string(), ...PageV2.pick({ version: true, body: true, title: true }).shape })
export const UsersV2 = z.object({ results: z.array(z.object({ accountId: z.string(), displayName: z.string().nullish() })) })

const UserV1 = z.object({
  type: z.string().nullish(),
  accountId: z.string().nullish(),
  userKey: z.string().nullish(),
  username: z.string().nullish(),
  displayName: z.string().nullish(),
  publicName: z.string().nullish(),
})

export type UserV1 = z.output<typeof UserV1>
export { UserV1 as UserV1Schema }

/** Content as version 1 writes it: Data Center's own API, and Cloud's search. */
export const ContentV1 = z.object({
  id,
  type: z.string(),
  status: z.string(),
  title: z.string().nullish().transform((title) => title ?? ''),
  space: z.object({ key: z.string(), name: z.string().nullish() }).nullish(),
  version: z.object({ number: z.number(), when: moment.nullish(), by: UserV1.nullish() }).nullish(),
  history: z.object({ createdDate: moment.nullish(), createdBy: UserV1.nullish() }).nullish(),
  ancestors: z.array(z.object({ id, type: z.string().nullish(), title: z.string().nullish() })).nullish(),
  container: z.object({ id, type: z.string().nullish() }).nullish(),
  metadata: z
    .object({
      labels: z
        .object({
          results: z.array(z.object({ name: z.string(), prefix: z.string().nullish() })),
          size: z.number().nullish(),
          limit: z.number().nullish(),
          _links: links,
        })
        .nullish(),
    })
    .nullish(),
  extensions: z.object({ location: z.string().nullish() }).nullish(),
  body: z.object({ storage: z.object({ value: z.string() }).nullish() }).nullish(),
})

export type ContentV1 = z.output<typeof ContentV1>

export const ContentsV1 = z.object({ results: z.array(ContentV1), _links: links })
/** The general search: it alone says how many results there are. */
export const HitsV1 = z.object({
  results: z.array(z.object({ content: ContentV1 })).transform((hits) => hits.map(({ content }) => content)),
  totalSize: z.number(),
  _links: links,
})
export const SpacesV1 = z.object({ results: z.array(z.object({ id, key: z.string(), name: z.string().nullish() })), _links: links })
export const LabelsV1 = LabelsV2

/**
 * Reads an answer.
 *
 * @throws LoaderError `confluence_bad_answer`, transient: an answer that is not understood counts as none at all.
 */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, answer: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LoaderError({
    code: 'confluence_bad_answer',
    kind: 'transient',
    message: `The answer about ${what} is not what Confluence documents: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    hint: 'Check that base_url leads to Confluence itself. If it does, run the sync again, and report this if it stays.',
  })
}
