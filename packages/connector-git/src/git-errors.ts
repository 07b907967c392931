import { LoaderError } from '@qdrant-loader/connector-sdk'
import type { LoaderErrorInit } from '@qdrant-loader/connector-sdk'
import type { GitFailure } from './git-process.ts'

interface Rule {
  readonly pattern: RegExp
  readonly make: (remote: string, said: string) => Omit<LoaderErrorInit, 'cause'>
}

const TRY_LATER = 'Check the network and the address, and run the sync again. Nothing was deleted.'

/** Git has no error codes; these are its English messages (`LC_ALL=C`). The first that fits decides. */
const RULES: readonly Rule[] = [
  {
    pattern: /dubious ownership/i,
    make: (remote, said) => ({
      code: 'git_dubious_ownership',
      kind: 'config',
      message: `Git refuses to read ${remote} because it belongs to another user`,
      hint: `If you trust it, run: ${/git config --global --add safe\.directory \S+/.exec(said)?.[0] ?? `git config --global --add safe.directory ${remote}`}`,
    }),
  },
  {
    pattern: /SSL certificate problem|server certificate verification failed|certificate verify failed/i,
    make: (remote) => ({
      code: 'git_certificate',
      kind: 'config',
      message: `The certificate of ${remote} was not accepted`,
      hint: 'Give git the certificate of your authority: git config --global http.sslCAInfo FILE',
    }),
  },
  {
    pattern:
      /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|returned error: 40[13]|Permission denied|Host key verification failed|Access denied|HTTP Basic: Access denied|Invalid credentials/i,
    make: (remote) => ({
      code: 'git_auth_failed',
      kind: 'auth',
      message: `${remote} did not accept the credentials`,
      hint: 'For https set `token` to an access token that may read the repository; for ssh load the right key into the agent and accept the host key once by hand.',
    }),
  },
  {
    pattern: /transport '[^']*' not allowed/i,
    make: (remote) => ({
      code: 'git_transport_refused',
      kind: 'config',
      message: `Git was told to use a transport that is not allowed for ${remote}`,
      hint: 'Use an https, http, ssh, git or file address, and check `url.<base>.insteadOf` in your git configuration.',
    }),
  },
  {
    pattern: /returned error: (?:429|5\d\d)|Could not resolve|Failed to connect|Couldn't connect|Connection (?:refused|reset|timed out|closed)|timed? ?out|No route to host|Network is unreachable|early EOF|hung up unexpectedly|RPC failed|Empty reply|Temporary failure|unable to look up|kex_exchange_identification/i,
    make: unreachable,
  },
  {
    pattern: /does not appear to be a git repository|not a git repository|[Rr]epository.* not found|is this a git repository|returned error: 404|project you were looking for could not be found|does not exist/i,
    make: (remote) => ({
      code: 'git_repository_missing',
      kind: 'config',
      message: `${remote} is not a Git repository, or it is not visible`,
      hint: 'Check `base_url`. A private repository also answers like this when `token` is missing or may not read it.',
    }),
  },
  { pattern: /unable to access|Could not read from remote repository/i, make: unreachable },
]

function unreachable(remote: string, said: string): Omit<LoaderErrorInit, 'cause'> {
  return { code: 'git_unreachable', kind: 'transient', message: `${remote} cannot be reached: ${said}`, hint: TRY_LATER }
}

/** The error for a failed conversation with the remote, or undefined when git's words are not about the remote. */
export function remoteError(failure: GitFailure, remote: string): LoaderError | undefined {
  const rule = RULES.find(({ pattern }) => pattern.test(failure.stderr))
  return rule && new LoaderError({ ...rule.make(remote, lastLine(failure.stderr)), cause: failure })
}

/** For what no rule knows. */
export function unknownGitError(failure: GitFailure, remote: string): LoaderError {
  return new LoaderError({
    code: 'git_failed',
    kind: 'transient',
    message: `Git failed while reading ${remote}: ${lastLine(failure.stderr)}`,
    hint: 'Run the sync again. If it stays, try `git ls-remote` with this address by hand.',
    cause: failure,
  })
}

/** Our own copy of the repository cannot be read. It has been put aside; the next run makes a new one. */
export function damagedCopy(remote: string, cause: unknown): LoaderError {
  return new LoaderError({
    code: 'git_copy_damaged',
    kind: 'transient',
    message: `The kept copy of ${remote} is damaged and was removed`,
    hint: 'Run the sync again: it makes a new copy. Nothing was deleted.',
    cause,
  })
}

function lastLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('hint:'))
  const telling = lines.findLast((line) => /^(?:fatal|error|ssh|remote):/i.test(line)) ?? lines.at(-1)
  return (telling ?? 'no message').replace(/^(?:fatal|error): /i, '').slice(0, 300)
}
