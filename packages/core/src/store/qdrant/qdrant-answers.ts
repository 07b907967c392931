import { z } from 'zod'

/** `GET /` */
export const versionAnswer = z.object({ title: z.string(), version: z.string() })

const vectorParams = z.object({
  size: z.number().int().positive(),
  distance: z.string(),
  datatype: z.string().nullish(),
  multivector_config: z.unknown().optional(),
})

/** What we keep in a collection's metadata, or in the marker point's payload. */
export const identitySchema = z.object({ instance_id: z.string(), embedding_fingerprint: z.string() })
export type Identity = z.infer<typeof identitySchema>

/** `GET /collections/{name}` */
export const collectionAnswer = z.object({
  result: z.object({
    config: z.object({
      params: z.object({ vectors: z.union([vectorParams, z.record(z.string(), vectorParams)]).optional() }),
      metadata: z.looseObject({ qdrant_loader: identitySchema.optional() }).nullish(),
    }),
    payload_schema: z.record(z.string(), z.unknown()),
  }),
})
export type CollectionAnswer = z.infer<typeof collectionAnswer>['result']

/** Answers whose result is `true`. */
export const doneAnswer = z.object({ result: z.literal(true) })

const updateResult = z.object({ status: z.string() })
/** Answers of updates of points and indexes. */
export const updateAnswer = z.object({ result: updateResult })
/** `POST /collections/{name}/points/batch` */
export const batchAnswer = z.object({ result: z.array(updateResult) })

// The numbers of a vector are looked at when they become float32 values: a schema would take them one by one.
const record = z.object({
  id: z.union([z.string(), z.number(), z.bigint()]),
  payload: z.record(z.string(), z.unknown()).nullish(),
  vector: z.unknown().optional(),
})
export type RecordAnswer = z.infer<typeof record>

/** `POST /collections/{name}/points` */
export const recordsAnswer = z.object({ result: z.array(record) })
/** `POST /collections/{name}/points/scroll` */
export const scrollAnswer = z.object({
  result: z.object({
    points: z.array(record),
    next_page_offset: z.union([z.string(), z.number(), z.bigint()]).nullish(),
  }),
})
/** `POST /collections/{name}/points/count` */
export const countAnswer = z.object({ result: z.object({ count: z.number() }) })
/** `POST /collections/{name}/facet`, of a keyword. */
export const facetAnswer = z.object({
  result: z.object({ hits: z.array(z.object({ value: z.string(), count: z.number() })) }),
})
/** `POST /collections/{name}/points/query` */
export const queryAnswer = z.object({
  result: z.object({ points: z.array(record.extend({ score: z.number() })) }),
})
