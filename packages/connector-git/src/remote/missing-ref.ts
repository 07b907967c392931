import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { gitError } from '../codes.ts'
import type { WantedRef } from './ref-name.ts'
import type { RemoteRefs } from './remote-client.ts'

const NAMED = 5
/** Of the names that a remote has, so many are compared with the wanted one. */
const COMPARED = 5_000
const ABBREVIATED = /^[0-9a-f]{7,39}$/i

/** A branch or tag that is not there is a mistake in the configuration, not thousands of deletions. */
export function missingRef(remote: string, { written }: WantedRef, refs: RemoteRefs): LoaderError {
  const branches = namesUnder('refs/heads/', refs)
  if (written === undefined) return gitError('git_branch_missing/default', { remote, names: nearest('', branches).join(', ') })
  const names = nearest(written, [...branches, ...namesUnder('refs/tags/', refs)]).join(', ')
  return gitError(ABBREVIATED.test(written) ? 'git_branch_missing/abbreviated' : 'git_branch_missing', { remote, ref: written, names })
}

function namesUnder(prefix: string, refs: RemoteRefs): string[] {
  return [...refs.keys()].flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
}

function nearest(wanted: string, names: readonly string[]): string[] {
  return names
    .slice(0, COMPARED)
    .map((name) => ({ name, distance: wanted === '' ? 0 : editDistance(wanted, name.slice(0, 100)) }))
    .toSorted((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1))
    .slice(0, NAMED)
    .map(({ name }) => name)
}

function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
