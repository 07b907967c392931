import { createHash } from 'node:crypto'
import type { DocumentStub } from '@qdrant-loader/connector-sdk'
import { epochOf, utcOf } from './api/utc-time.ts'
import { mentionsOf } from './names/issue-mentions.ts'
import type { Names } from './names/names.ts'
import type { IssueBean } from './schemas.ts'
import { issuePayload } from './text/issue-payload.ts'
import type { IssueReading } from './text/issue-reading.ts'
import { asJson } from './validators.ts'

/**
 * Some databases keep whole seconds only, so a second edit can leave `updated` as it is. An issue that was read this
 * soon after its last edit, in milliseconds, is read again by the next run.
 */
const SETTLING_MS = 2_000

/** What the stub of an issue is made of. Of the fields of `issue` none is needed that holds text but its summary. */
export interface IssueHead {
  readonly issue: IssueBean
  readonly scope: string
  /** The server's clock when the issue was read, in milliseconds since the epoch. */
  readonly at: number
  /** Hash of the text. */
  readonly contentVersion: string
  /** See `Validators.shown`. */
  readonly shown: Names
}

/** Everything about an issue but its text. The same issue gives the same stub, whether its text was read with it or not. */
export function issueStub({ issue, scope, at, contentVersion, shown }: IssueHead, reading: IssueReading): DocumentStub {
  const { fields } = issue
  const { metadata, names } = issuePayload(issue, reading)
  const createdAt = utcOf(fields.created)
  const updatedAt = utcOf(fields.updated)
  const described = {
    location: { url: issueUrl(reading.siteUrl, issue.key), title: (fields.summary ?? issue.key).trim() || issue.key },
    metadata,
    ...(createdAt !== undefined && { createdAt }),
    ...(updatedAt !== undefined && { updatedAt }),
  }
  const settled = (epochOf(fields.updated) ?? Number.POSITIVE_INFINITY) + SETTLING_MS < at
  return {
    id: issue.id,
    scope,
    contentVersion,
    metadataVersion: hash(JSON.stringify([scope, described])),
    ...described,
    validators: asJson({
      updated: settled ? (updatedAt ?? fields.updated) : null,
      ...mentionsOf(issue, reading),
      project: fields.project.id,
      reading: reading.hash,
      names,
      shown,
    }),
  }
}

/** The page of an issue, for people. */
export function issueUrl(siteUrl: string, key: string): string {
  return `${siteUrl}/browse/${key}`
}

/** A short digest. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
