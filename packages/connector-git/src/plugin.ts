import { createHmac, randomBytes } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { defineConnector } from '@qdrant-loader/connector-sdk'
import type { ConnectorContext, OpenedSource } from '@qdrant-loader/connector-sdk'
import { formatVersions } from '@qdrant-loader/content/formats'
import { GitChangeDetector } from './change-detector.ts'
import { gitError } from './codes.ts'
import { GitConfig } from './config.ts'
import { GitContentReader } from './content-reader.ts'
import { GitCursor } from './cursor.ts'
import { unknownGitError } from './errors.ts'
import { Git, GitFailure } from './git/git-process.ts'
import { askVersion, requireSafeGit } from './git/safe-version.ts'
import { credentialsFor, gitEnvironment, redactor } from './remote/git-environment.ts'
import type { GitCredentials } from './remote/git-environment.ts'
import { requireLocalRepository } from './remote/local-folder.ts'
import { urlMaker } from './remote/location.ts'
import { missingRef } from './remote/missing-ref.ts'
import { linkedRef, wantedRef } from './remote/ref-name.ts'
import type { WantedRef } from './remote/ref-name.ts'
import { RemoteClient } from './remote/remote-client.ts'
import { parseRemote } from './remote/remote.ts'
import type { Remote } from './remote/remote.ts'
import { forget, ownerOf } from './repository/forget.ts'
import { Repository } from './repository/repository.ts'
import { pathSelection } from './selection.ts'

/** Raised whenever the same file gives another document, beside what the versions of the formats say. */
const EXTRACTION_VERSION = 2

const plugin = {
  apiVersion: 1,
  type: 'git',
  configSchema: GitConfig,
  cursorSchema: GitCursor,
  capabilities: { identity: 'location', judges: true, reportsDeletions: true },
  fingerprints: (config: GitConfig) => ({
    selection: {
      include_paths: config.include_paths ?? null,
      exclude_paths: config.exclude_paths ?? null,
      file_types: config.file_types ?? null,
      max_file_size: config.max_file_size,
      leave_out: config.leave_out,
    },
    extraction: { version: EXTRACTION_VERSION, formats: formatVersions(), drafts: config.include_drafts, notebook_outputs: config.notebook_outputs },
  }),
  open,
  forget,
} as const

/** Reads Git repositories, local and remote, through the git program. */
export const connector = defineConnector<GitConfig, GitCursor>(plugin)

async function open(config: GitConfig, context: ConnectorContext): Promise<OpenedSource<GitCursor>> {
  const remote = parseRemote(config.base_url, context.configDirectory)
  if ('problem' in remote) throw gitError('git_bad_address', { problem: remote.problem })
  const credentials = credentialsFor(remote, config.token)
  warnOfPlainHttp(remote, credentials !== undefined, context)
  const directory = await ownFolder(context.cacheDirectory)
  const environment = gitEnvironment(process.env, remote, credentials, directory)
  const redact = redactor(credentials, context.redact)
  const plain = new Git({ environment, redact, directory })
  askVersion(plain)
  const git = await unattended(plain, remote)
  const wanted = wantedRef(config.ref ?? config.branch)
  const shared = { display: remote.url, maxFileSize: config.max_file_size, maxFiles: config.max_files, leaveOut: config.leave_out, dryRun: context.dryRun, progress: context.progress }
  const { retry, now } = context
  const client = new RemoteClient({ ...shared, git, remote, retry, now, redact, onRequest: () => context.count('source') })
  const repository = new Repository({
    ...shared,
    git,
    client,
    remote,
    wanted,
    retry,
    now,
    run: context.run === undefined ? undefined : sharedBy(context.run, credentials),
    cacheDirectory: context.cacheDirectory,
    owner: ownerOf(context),
  })
  const selects = pathSelection(config)
  const files = new GitContentReader({
    ...shared,
    selects,
    repository,
    drafts: config.include_drafts,
    notebookOutputs: config.notebook_outputs,
    onContent: () => context.count('content'),
  })
  return {
    detector: new GitChangeDetector({
      ...shared,
      repository,
      selects,
      urlsAt: (full) => urlMaker(remote, linkedRef(full), { hostType: config.host_type, template: config.url_template }),
    }),
    reader: files,
    check: (signal) => check({ git, client, remote, wanted }, signal),
    async close(committed) {
      await files.close()
      if (committed !== undefined && !context.dryRun) await repository.release(committed.commit, new AbortController().signal)
    },
  }
}


/** Forgotten with the process, so that nothing can be told from what is written down. */
const PROCESS_KEY = randomBytes(32)

/** Names those who share what was fetched: the sources of one run that send the same credentials. */
function sharedBy(run: string, credentials: GitCredentials | undefined): string {
  return createHmac('sha256', PROCESS_KEY).update(JSON.stringify([run, credentials?.username, credentials?.password])).digest('hex')
}

/** The folder that git runs in, by its real path: git compares its ceiling with that. */
async function ownFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  return realpath(path)
}

/** Without a command of the user's own, ssh must neither ask for a passphrase nor wait for ever. */
async function unattended(git: Git, remote: Remote): Promise<Git> {
  if (!remote.ssh || process.env['GIT_SSH_COMMAND'] !== undefined || process.env['GIT_SSH'] !== undefined) return git
  const configured = await git.run(['config', '--get', 'core.sshCommand'], new AbortController().signal).catch((error: unknown) => {
    // Git ends with 1 when the key is not set.
    if (error instanceof GitFailure) return ''
    throw error
  })
  const own = configured.toString().trim() !== ''
  return own ? git : git.with({ GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=30' })
}

interface Checked {
  readonly git: Git
  readonly client: RemoteClient
  readonly remote: Remote
  readonly wanted: WantedRef
}

async function check({ git, client, remote, wanted }: Checked, signal: AbortSignal): Promise<string> {
  const version = await requireSafeGit(git, signal)
  await requireLocalRepository(remote)
  try {
    const refs = await client.listRefs(signal)
    const about = `git ${version}; ${remote.url}`
    if (refs.size === 0) return `${about} is an empty repository: it has no commits yet`
    if (wanted.commit !== undefined) return `${about} answers; whether it gives the commit ${wanted.commit.slice(0, 12)} is seen by a sync`
    const name = wanted.candidates.find((candidate) => refs.has(candidate))
    if (name === undefined) throw missingRef(remote.url, wanted, refs)
    return `${about} is at ${refs.get(name)?.slice(0, 12)} on ${wanted.written === undefined ? 'its default branch' : name.replace(/^refs\/(?:heads\/)?/, '')}`
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error
    throw unknownGitError(error, remote.url)
  }
}

function warnOfPlainHttp(remote: Remote, withCredentials: boolean, { logger }: ConnectorContext): void {
  const plain = remote.origin?.startsWith('http:') === true && !/^(?:localhost|127\.|\[::1\])/.test(remote.host ?? '')
  if (plain && withCredentials) logger.warn('The token is sent over http, which others can read; use https', { remote: remote.url })
}
