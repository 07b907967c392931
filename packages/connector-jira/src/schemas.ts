import { z } from 'zod'

const id = z.union([z.string(), z.number()]).transform(String)
/** A field that may be missing or null, which means the same. */
function maybe<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined)
}

const named = z.object({ id: id.optional(), name: z.string() })

const Person = z.object({
  displayName: z.string().nullish(),
  accountId: z.string().nullish(),
  name: z.string().nullish(),
  key: z.string().nullish(),
})

/**
 * The id of a person: on Cloud the account id, on Data Center the name to sign in with, which is also what a text
 * mentions.
 */
export function personIdOf(person: z.output<typeof Person> | null | undefined): string | undefined {
  return person?.accountId ?? person?.name ?? person?.key ?? undefined
}

/** An issue as another one names it. Its summary and status are there too, and are not read: they belong to it. */
const Neighbour = z.object({ id: maybe(id), key: maybe(z.string()) })

const Link = z.object({
  type: maybe(z.object({ id: maybe(id), inward: maybe(z.string()), outward: maybe(z.string()) })),
  inwardIssue: Neighbour.nullish(),
  outwardIssue: Neighbour.nullish(),
})

export const CommentBean = z.object({
  id,
  author: Person.nullish(),
  created: z.string(),
  body: z.unknown().optional(),
  renderedBody: z.string().nullish(),
})
export type CommentBean = z.output<typeof CommentBean>

export const CommentPageBean = z.object({ comments: z.array(CommentBean), total: z.number(), startAt: z.number().optional() })
export type CommentPageBean = z.output<typeof CommentPageBean>

/** A row of a listing. One of an issue that was just deleted may have nothing but its id. */
export const IssueRow = z.object({
  id,
  key: maybe(z.string()),
  fields: maybe(z.object({ updated: maybe(z.string()) })),
})
export interface IssueRow {
  readonly id: string
  readonly key?: string | undefined
  readonly fields?: { readonly updated?: string | undefined } | undefined
}

/** An issue. Absent fields are empty, or hidden from these credentials. */
export const IssueBean = z.object({
  id,
  key: z.string(),
  renderedFields: z.record(z.string(), z.unknown()).nullish(),
  fields: z.looseObject({
    summary: z.string().nullish(),
    description: z.unknown().optional(),
    created: z.string(),
    updated: z.string(),
    project: z.object({ id, key: z.string() }),
    status: named.nullish(),
    issuetype: named.extend({ subtask: z.boolean().optional() }).nullish(),
    priority: named.nullish(),
    resolution: named.nullish(),
    assignee: Person.nullish(),
    reporter: Person.nullish(),
    creator: Person.nullish(),
    labels: z.array(z.string()).nullish(),
    components: z.array(named).nullish(),
    versions: z.array(named).nullish(),
    fixVersions: z.array(named).nullish(),
    duedate: z.string().nullish(),
    resolutiondate: z.string().nullish(),
    parent: Neighbour.nullish(),
    subtasks: z.array(Neighbour).nullish(),
    issuelinks: z.array(Link).nullish(),
    comment: CommentPageBean.nullish(),
  }),
})
export type IssueBean = z.output<typeof IssueBean>

/** The least that says where an issue is: enough to judge it. */
export const Project = z.object({ id, key: z.string(), archived: maybe(z.boolean()) })
export type Project = z.output<typeof Project>

/** A field as Jira's list of fields describes it. */
export const FieldDetails = z.object({
  id: z.string(),
  name: z.string(),
  schema: z
    .object({
      type: z.string().optional(),
      items: z.string().optional(),
      custom: z.string().optional(),
      system: z.string().optional(),
    })
    .nullish(),
})

export type FieldDetails = z.output<typeof FieldDetails>
