import { createHash } from 'node:crypto'
import type { DocumentStub } from '@qdrant-loader/connector-sdk'
import { formatOf } from '@qdrant-loader/content/formats'
import { idToText } from './git/path-id.ts'
import { fileName } from './remote/location.ts'
import type { PathHistory } from './tree/history.ts'
import { validatorsOf } from './validators.ts'

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
    ...(history && { validators: validatorsOf(history, size) }),
  }
}

function timestamp<Name extends 'createdAt' | 'updatedAt'>(name: Name, seconds: number): { [key in Name]?: string } {
  const date = new Date(seconds * 1_000)
  return Number.isNaN(date.getTime()) ? {} : ({ [name]: date.toISOString() } as { [key in Name]: string })
}
