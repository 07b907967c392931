import { LoaderError } from '@qdrant-loader/connector-sdk'
import type { WantedRef } from './ref-name.ts'
import type { RemoteRefs } from './remote-client.ts'

const NAMED = 5
/** Of the names that a remote has, so many are compared with the wanted one. */
const COMPARED = 5_000
const ABBREVIATED = /^[0-9a-f]{7,39}$/i

/** A branch or tag that is not there is a mistake in the configuration, not thousands of deletions. */
export function missingRef(remote: string, { written }: WantedRef, refs: RemoteRefs): LoaderError {
  const branches = namesUnder('refs/heads/', refs)
  if (written === undefined) {
    return new LoaderError({
      code: 'git_branch_missing',
      kind: 'config',
      message: `${remote} has no default branch (its HEAD points to a branch that does not exist)`,
      hint: `Set \`ref\` to a branch or tag that exists, such as: ${nearest('', branches).join(', ')}. Nothing was deleted.`,
    })
  }
  const names = nearest(written, [...branches, ...namesUnder('refs/tags/', refs)])
  const whole = ABBREVIATED.test(written) ? ' A commit is written with its whole id of 40 characters.' : ''
  return new LoaderError({
    code: 'git_branch_missing',
    kind: 'config',
    message: `${remote} has no branch or tag "${written}"`,
    hint: `Set \`ref\` to one that exists, such as: ${names.join(', ')}.${whole} Nothing was deleted.`,
  })
}

/** A tag may name a single file or folder, as some projects keep keys. */
export function refNotCommit(remote: string, { written }: WantedRef, type: 'tree' | 'blob'): LoaderError {
  return new LoaderError({
    code: 'git_ref_not_commit',
    kind: 'config',
    message: `"${written ?? 'HEAD'}" of ${remote} names a ${type === 'blob' ? 'file' : 'folder'}, not a commit`,
    hint: 'Set `ref` to a branch, or to a tag of a commit. Nothing was deleted.',
  })
}

/** The remote does not give a commit. */
export function missingCommit(remote: string, commit: string, cause: unknown): LoaderError {
  return new LoaderError({
    code: 'git_commit_missing',
    kind: 'config',
    message: `${remote} has no commit ${commit}, or does not give it`,
    hint: 'Check `ref`. A commit that no branch and no tag contains is given by some servers only. Nothing was deleted.',
    cause,
  })
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
