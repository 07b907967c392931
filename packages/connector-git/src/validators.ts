import type { Json } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'
import type { PathHistory, Touch } from './tree/history.ts'

/** What a stub carries for the next run: the history of its path, and its size in bytes where that is known. */
export function validatorsOf(history: PathHistory, size: number | undefined): Json {
  return { first: pack(history.first), last: pack(history.last), ...(size !== undefined && { size }) }
}

function pack(touch: Touch): Json {
  return [touch.time, touch.commit, touch.author]
}

const PackedTouch = z.tuple([z.number(), z.string(), z.string()])
const Validators = z.object({ first: PackedTouch, last: PackedTouch })

/** The history that an earlier stub carried; undefined when there is none or it cannot be read. */
export function historyFrom(validators: Json | undefined): PathHistory | undefined {
  const parsed = Validators.safeParse(validators)
  return parsed.success ? { first: unpack(parsed.data.first), last: unpack(parsed.data.last) } : undefined
}

function unpack([time, commit, author]: z.output<typeof PackedTouch>): Touch {
  return { time, commit, author }
}

/** The size that an earlier stub carried, in bytes. */
export function sizeFrom(validators: Json | undefined): number | undefined {
  const parsed = z.object({ size: z.number() }).safeParse(validators)
  return parsed.success ? parsed.data.size : undefined
}
