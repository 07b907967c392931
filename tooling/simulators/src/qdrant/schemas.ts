import { z } from 'zod'

// Strict throughout, and only what our software sends: anything else is a violation.

const uuid = z.string().regex(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i)
const id = z.union([uuid, z.number().int().nonnegative()])
const payload = z.record(z.string(), z.unknown())
const filter = z.strictObject({
  must: z.array(z.strictObject({ key: z.string(), match: z.strictObject({ value: z.string() }) })).optional(),
  must_not: z.array(z.strictObject({ has_id: z.array(id) })).optional(),
})
const vectors = z.strictObject({ size: z.number().int().min(1).max(65_536), distance: z.enum(['Cosine', 'Dot', 'Euclid']) })
const metadata = z.record(z.string(), z.unknown())

export const createCollection = z.strictObject({ vectors, metadata: metadata.optional() })
export const updateCollection = z.strictObject({ metadata })
export const createIndex = z.strictObject({
  field_name: z.string().min(1),
  field_schema: z.union([
    z.literal('keyword'),
    z.strictObject({ type: z.literal('keyword'), is_tenant: z.boolean().optional() }),
  ]),
})
export const upsert = z.strictObject({
  points: z.array(z.strictObject({ id, vector: z.array(z.number()), payload: payload.optional() })),
})
export const ids = z.strictObject({ points: z.array(id) })
export const batch = z.strictObject({
  operations: z.array(
    z.strictObject({ overwrite_payload: z.strictObject({ payload, points: z.array(id).min(1) }) }),
  ),
})
export const setPayload = z.strictObject({ payload, points: z.array(id).min(1) })
export const retrieve = z.strictObject({ ids: z.array(id), with_payload: z.boolean(), with_vector: z.boolean() })
export const scroll = z.strictObject({
  limit: z.number().int().min(1),
  offset: id.optional(),
  filter: filter.optional(),
  with_payload: z.boolean(),
  with_vector: z.boolean(),
})
export const count = z.strictObject({ exact: z.literal(true), filter: filter.optional() })
export const facet = z.strictObject({
  key: z.string(),
  limit: z.number().int().min(1),
  exact: z.literal(true),
  filter: filter.optional(),
})
export const query = z.strictObject({
  query: z.array(z.number()),
  limit: z.number().int().min(1),
  filter: filter.optional(),
  with_payload: z.literal(true),
})

export const none = z.undefined()
export const noParameters = z.strictObject({})
export const waiting = z.strictObject({ wait: z.literal('true') })

export type PointId = z.infer<typeof id>
export type Filter = z.infer<typeof filter>
export type Payload = z.infer<typeof payload>
