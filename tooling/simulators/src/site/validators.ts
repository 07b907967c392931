import { createHash } from 'node:crypto'
import type { SiteBehaviour } from './quirks.ts'

/** What an answer says about its version. */
export interface Validators {
  readonly etag?: string
  readonly lastModified?: string
}

/**
 * The validators of a body. `lasting` is what a weak tag is made of: the content without what differs from request to
 * request.
 */
export function validatorsOf(
  { etag, lastModified }: SiteBehaviour,
  body: Buffer,
  lasting: Buffer,
  changedAt: number,
  now: number,
  request: number,
): Validators {
  return {
    ...(etag === 'strong' && { etag: `"${hash(body)}"` }),
    ...(etag === 'weak' && { etag: `W/"${hash(lasting)}"` }),
    ...(etag === 'random' && { etag: `"${hash(Buffer.from(String(request)))}"` }),
    ...(lastModified === 'on' && { lastModified: httpDate(changedAt) }),
    ...(lastModified === 'now' && { lastModified: httpDate(now) }),
    ...(lastModified === 'zone' && { lastModified: httpDate(changedAt + 7_200_000).replace('GMT', '+0200') }),
  }
}

/** RFC 9110, 13.2.2: a tag in the condition decides alone; else the date, which nginx compares for equality. */
export function isFresh(validators: Validators, ifNoneMatch: string | undefined, ifModifiedSince: string | undefined): boolean {
  if (ifNoneMatch !== undefined) {
    const weak = (tag: string) => tag.trim().replace(/^W\//, '')
    return validators.etag !== undefined && ifNoneMatch.split(',').some((tag) => weak(tag) === weak(validators.etag ?? ''))
  }
  if (ifModifiedSince === undefined || validators.lastModified === undefined) return false
  return Date.parse(ifModifiedSince) === Date.parse(validators.lastModified)
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

/** A time as HTTP writes it; its grain is a second. */
function httpDate(time: number): string {
  return new Date(time).toUTCString()
}
