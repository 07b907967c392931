import { LoaderError } from '@qdrant-loader/connector-sdk'
import type { Git } from './git-process.ts'

const NAMED_BRANCHES = 5

/** What the remote says of the branch (of HEAD without one): undefined when it has none such. */
export async function probeRemote(
  git: Git,
  url: string,
  branch: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly commit: string; readonly objectFormat: 'sha1' | 'sha256' } | undefined> {
  const name = branch === undefined ? 'HEAD' : `refs/heads/${branch}`
  const output = await git.run(['ls-remote', '--quiet', '--', url, name], signal)
  for (const line of output.toString('utf8').split('\n')) {
    const [commit = '', found] = line.split('\t')
    if (found === name) return { commit, objectFormat: commit.length === 64 ? 'sha256' : 'sha1' }
  }
  return undefined
}

/** The names of all branches of the remote. */
export async function listBranches(git: Git, url: string, signal: AbortSignal): Promise<string[]> {
  const output = await git.run(['ls-remote', '--quiet', '--heads', '--', url], signal)
  return output
    .toString('utf8')
    .split('\n')
    .flatMap((line) => /\trefs\/heads\/(.+)$/.exec(line)?.[1] ?? [])
}

/** A branch that is not there is a mistake in the configuration, not thousands of deletions. */
export function missingBranch(remote: string, branch: string | undefined, branches: readonly string[]): LoaderError {
  const near = branches
    .map((name) => ({ name, distance: branch === undefined ? 0 : editDistance(branch, name) }))
    .toSorted((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1))
    .slice(0, NAMED_BRANCHES)
    .map(({ name }) => name)
  return new LoaderError({
    code: 'git_branch_missing',
    kind: 'config',
    message:
      branch === undefined
        ? `${remote} has no default branch (its HEAD points to a branch that does not exist)`
        : `${remote} has no branch "${branch}"`,
    hint: `Set \`branch\` to one that exists, such as: ${near.join(', ')}. Nothing was deleted.`,
  })
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
