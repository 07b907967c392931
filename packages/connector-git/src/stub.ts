import { createHash } from 'node:crypto'
import type { DocumentStub, Json } from '@qdrant-loader/connector-sdk'
import { formatOf } from '@qdrant-loader/content/formats'
import { z } from 'zod'
import type { PathHistory, Touch } from './tree/history.ts'
import { fileName } from './remote/location.ts'
import { idToText } from './git/path-id.ts'

/** A repository at a branch is listed as a whole; another branch is another state of the same scope. */
export const SCOPE = 'tree'

/** Makes the stub of a file from what git says of it. Equal inputs give equal stubs, whatever way led to them. */
export function makeStub(id: string, blob: string, history: PathHistory | undefined, url: string, size: number | undefined): DocumentStub {
  const path = idToText(id)
  // What its text may name, no listing knows.
  const title = formatOf(path).titled ? {} : { title: fileName(id) }
  const described = {
    location: { url, path, ...title },
    ...(history && {
      metadata: {
        first_author: history.first.author,
        first_commit: history.first.commit,
        last_author: history.last.author,
        last_commit: history.last.commit,
      },
      ...timestamp('createdAt', history.first.time),
      ...timestamp('updatedAt', history.last.time),
    }),
  }
  return {
    id,
    scope: SCOPE,
    contentVersion: blob,
    metadataVersion: createHash('sha256').update(JSON.stringify(described)).digest('hex').slice(0, 32),
    ...described,
    ...(history && { validators: { first: pack(history.first), last: pack(history.last), ...(size !== undefined && { size }) } }),
  }
}

function timestamp<Name extends 'createdAt' | 'updatedAt'>(name: Name, seconds: number): { [key in Name]?: string } {
  const date = new Date(seconds * 1_000)
  return Number.isNaN(date.getTime()) ? {} : ({ [name]: date.toISOString() } as { [key in Name]: string })
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
