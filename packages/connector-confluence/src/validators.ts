import type { Json } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'
import { Head, Person } from './site/head.ts'

const PageName = z.strictObject({
  kind: z.enum(['page', 'blog-post']),
  contentId: z.string().exactOptional(),
  spaceKey: z.string().exactOptional(),
  title: z.string().exactOptional(),
  postingDay: z.string().exactOptional(),
})

/**
 * An included page at the version that was shown; without `id` when nothing was found under that name. `space`: where a
 * page is that was included by its id, since what it names itself is meant there.
 */
const Included = z.strictObject({ page: PageName, id: z.string().exactOptional(), version: z.number().exactOptional(), space: z.string().exactOptional() })

export type Included = z.output<typeof Included>

/**
 * A page that is named by title, and which one of the pages that are read that is: its id, if it is one. `open`: not all of
 * its space was known when the text was read, so the next complete listing has to tell.
 */
const Linked = z.strictObject({ page: PageName, id: z.string().exactOptional(), open: z.literal(true).exactOptional() })

export type Linked = z.output<typeof Linked>

/**
 * Everything that a text used beside its own body, recorded when it was read. Where any of it is different now, the text
 * is read again.
 */
export const Uses = z.strictObject({
  /** Address of the site, where the text has addresses of it. */
  site: z.string().exactOptional(),
  /** Key of the document's own space, where the text shows it or what it names is meant there. */
  space: z.string().exactOptional(),
  includes: z.array(Included),
  people: z.array(Person),
  links: z.array(Linked),
})

export type Uses = z.output<typeof Uses>

/** What is kept with a document between runs. */
const Validators = z.strictObject({ head: Head, uses: Uses.exactOptional() })

export type Validators = z.output<typeof Validators>

/** What an earlier stub carried; undefined when there is nothing or it cannot be read. */
export function validatorsFrom(validators: Json | undefined): Validators | undefined {
  return Validators.safeParse(validators).data
}
