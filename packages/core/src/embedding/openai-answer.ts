import { z } from 'zod'

import { badAnswer } from './normalise.ts'

/** The fields that are used of an answer. Numbers are checked one by one where the vector is normalised. */
const Answer = z.object({
  data: z.array(
    z.object({
      index: z.int().min(0).optional(),
      embedding: z.custom<readonly unknown[]>(Array.isArray, { error: 'expected an array of numbers' }),
    }),
  ),
})

/**
 * The vectors of an answer in the order of the inputs. Servers may answer in any order and name the place in `index`;
 * one that never names it has answered in order.
 *
 * @throws LoaderError `embedder_bad_answer` for anything else
 */
export function vectorsOfAnswer(answer: unknown, count: number, server: string): number[][] {
  const parsed = Answer.safeParse(answer)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')}: ${issue.message})`
    throw badAnswer(server, `something that is no list of embeddings${where}.`)
  }
  const { data } = parsed.data
  if (data.length !== count) throw badAnswer(server, `${data.length} vectors for ${count} inputs.`)
  const vectors = new Array<number[] | undefined>(count)
  const named = data.some(({ index }) => index !== undefined)
  for (const [position, { index, embedding }] of data.entries()) {
    const at = named ? index : position
    if (at === undefined || at >= count || vectors[at] !== undefined) {
      throw badAnswer(server, `vectors whose index is missing, repeated or too large (${String(at)}).`)
    }
    if (!embedding.every((value) => typeof value === 'number')) {
      throw badAnswer(server, `a vector with something in it that is no number, for input ${at}.`)
    }
    vectors[at] = embedding as number[]
  }
  return vectors.map((vector) => vector ?? [])
}
