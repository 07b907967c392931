import { retryAfterMs } from '@qdrant-loader/connector-sdk'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { gitError } from './codes.ts'
import type { GitFailure } from './git/git-process.ts'
import type { HttpAnswer } from './git/http-trace.ts'

/** Git's words for objects that the other side cannot read. */
const DAMAGED =
  /possible repository corruption on the remote side|unable to read [0-9a-f]{40}|loose object [0-9a-f]{40}[^\n]{0,500}corrupt|object file [^\n]{0,500} is empty|missing (?:blob|tree|commit) object|bad (?:tree|blob) object|packed object [0-9a-f]{40}[^\n]{0,500}corrupt|failed to read object [0-9a-f]{40}|could not fetch [0-9a-f]{40} from promisor/i

/** Git has no error codes; these are its English messages (`LC_ALL=C`). The first that fits decides. */
const RULES = [
  [/dubious ownership/i, 'git_dubious_ownership'],
  [/SSL certificate problem|server certificate verification failed|certificate verify failed/i, 'git_certificate'],
  [
    /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|returned error: 40[13]|Permission denied|Host key verification failed|Access denied|HTTP Basic: Access denied|Invalid credentials/i,
    'git_auth_failed',
  ],
  [/transport '[^']*' not allowed/i, 'git_transport_refused'],
  [DAMAGED, 'git_repository_damaged'],
  [/returned error: 429|HTTP 429/i, 'git_rate_limited'],
  [
    /returned error: 5\d\d|HTTP 5\d\d|HTTP2? framing|unexpected disconnect|bad pack header|bad line length|the remote end hung up|transfer closed|operation too slow|SSL_(?:read|connect|ERROR)|GnuTLS|Could not resolve|Failed to connect|Couldn't connect|Connection (?:refused|reset|timed out|closed)|timed? ?out|No route to host|Network is unreachable|early EOF|hung up unexpectedly|RPC failed|Empty reply|Temporary failure|unable to look up|kex_exchange_identification/i,
    'git_unreachable',
  ],
  [
    /does not appear to be a git repository|not a git repository|[Rr]epository.{0,500} not found|is this a git repository|returned error: 404|project you were looking for could not be found|does not exist/i,
    'git_repository_missing',
  ],
  [/unable to access|Could not read from remote repository/i, 'git_unreachable'],
] as const

/** The error for a failed conversation with the remote, or undefined when git's words are not about the remote. */
export function remoteError(failure: GitFailure, remote: string, now: number): LoaderError | undefined {
  // The address itself may contain any of the words that are looked for.
  const said = failure.stderr.replaceAll(remote, '')
  const code = RULES.find(([pattern]) => pattern.test(said))?.[1]
  if (code === undefined) return undefined
  const answer = failure.answers.at(-1)
  const asked = retryAfterMs((name) => answer?.headers.get(name), now)
  const last = lastLine(failure.stderr)
  const command = /git config --global --add safe\.directory \S+/.exec(last)?.[0] ?? `git config --global --add safe.directory ${remote}`
  return gitError(code, { remote, said: last, command }, { cause: failure, retryAfterMs: asked, rateLimited: code === 'git_rate_limited' })
}

/** Ids of objects that git's words call unreadable, missing or not to be given. */
export function namedObjects(failure: GitFailure): ReadonlySet<string> {
  return new Set(failure.stderr.match(/\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b/g) ?? [])
}

/** An http server answered, and not with Git's protocol. Says what came back. */
export function notGit(remote: string, answer: HttpAnswer | undefined, redact: (text: string) => string): LoaderError {
  const what = answer === undefined ? 'something else' : whatCame(answer, redact)
  return gitError('git_not_git', { remote, what })
}

function whatCame({ status, contentType, body }: HttpAnswer, redact: (text: string) => string): string {
  const type = contentType === '' ? '' : ` of type ${contentType}`
  const text = readable(redact(body))
  if (text !== '') return `a page${type} that begins "${text}"`
  return body.trim() === '' ? `an empty page${type} (status ${status})` : `a page${type}`
}

/** The title of a page, else its first words. Linear: the text is whatever a server wrote. */
function readable(body: string): string {
  const title = body.toLowerCase().indexOf('<title')
  const open = title === -1 ? -1 : body.indexOf('>', title)
  const close = open === -1 ? -1 : body.indexOf('<', open)
  const chosen = close > open + 1 ? body.slice(open + 1, close) : withoutTags(body)
  // oxlint-disable-next-line no-control-regex
  const text = chosen.replace(/[\u0000-\u0020\u007f-\u00a0\ufffd]+/g, ' ').trim()
  // What is compressed is no text.
  return /[^\u0020-\u007e]/.test(text.slice(0, 40)) ? '' : text.slice(0, 80)
}

function withoutTags(body: string): string {
  let text = ''
  for (let at = 0; at < body.length; ) {
    const open = body.indexOf('<', at)
    if (open === -1) return text + body.slice(at)
    text += `${body.slice(at, open)} `
    const close = body.indexOf('>', open)
    if (close === -1) return text
    at = close + 1
  }
  return text
}

/** More paths than a source may have. A few small objects can stand for any number of them. */
export function tooManyFiles(maxFiles: number): LoaderError {
  return gitError('git_too_many_files', { count: maxFiles.toLocaleString('en') })
}

/** For what no rule knows. */
export function unknownGitError(failure: GitFailure, remote: string): LoaderError {
  return gitError('git_failed', { remote, said: lastLine(failure.stderr) }, { cause: failure })
}

function lastLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('hint:'))
  const telling = lines.findLast((line) => /^(?:fatal|error|ssh|remote):/i.test(line)) ?? lines.at(-1)
  return (telling ?? 'no message').replace(/^(?:fatal|error): /i, '').slice(0, 300)
}
