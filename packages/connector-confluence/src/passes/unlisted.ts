import type { DocumentStub, Json } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'
import type { BrokenRow } from '../api/confluence-api.ts'
import type { Site } from '../site/base-url.ts'
import { documentId, scopeOf } from '../site/head.ts'
import { pageUrl } from '../site/location.ts'

const PREFIX = 'unlisted/'

/** Of what cannot be told which page it is. */
export function isUnlistedId(id: string): boolean {
  return id.startsWith(PREFIX)
}

const Unlisted = z.strictObject({ unlisted: z.string() })

/** The id of the page that could not be listed when this stub was made; undefined for other stubs. */
export function unlistedPage({ validators }: Pick<DocumentStub, 'validators'>): string | undefined {
  return Unlisted.safeParse(validators).data?.unlisted
}

/**
 * What stands for a page that no listing can show: it fails, so that it is in the failure ledger, and is tried again by the
 * next run. Of several without a name, in one space, there is one.
 */
export function unlistedStub({ space, kind, id, title }: BrokenRow, site: Site): DocumentStub {
  const name = id === undefined ? `${PREFIX}${scopeOf(space)}/${kind}` : documentId({ kind, id })
  return {
    id: name,
    scope: scopeOf(space),
    contentVersion: 'unlisted',
    location: { url: id === undefined || kind === 'comment' ? site.webUrl : pageUrl(site, { id, kind, space }), title: title ?? `A ${kind} of ${space} that cannot be listed` },
    validators: { unlisted: name } satisfies Json,
  }
}
