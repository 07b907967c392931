import { isLoaderError, retrying } from '@qdrant-loader/connector-sdk'
import type { RetryPolicy } from '@qdrant-loader/connector-sdk'
import { notGit, remoteError } from '../errors.ts'
import { GitFailure } from '../git/git-process.ts'
import type { Conversation, Git, GitStart } from '../git/git-process.ts'
import { readProgress } from '../git/git-progress.ts'
import type { HttpAnswer } from '../git/http-trace.ts'
import type { Remote } from './remote.ts'

/** What a {@link RemoteClient} needs. */
export interface RemoteClientDeps {
  /** Not bound to a repository. */
  readonly git: Git
  readonly remote: Remote
  /** For messages: the address without credentials. */
  readonly display: string
  readonly retry: RetryPolicy
  readonly now: () => number
  readonly redact: (text: string) => string
  /** Called once for each conversation with the remote. */
  readonly onRequest: () => void
  readonly progress: (activity: string) => void
}

/** One fetch into a copy. */
export interface FetchRequest {
  /** Where the objects go. */
  readonly copy: Git
  /** For the display: what is fetched. */
  readonly what: string
  readonly refspecs?: readonly string[]
  /** Single objects, which are taken without a look at what the copy has. */
  readonly objects?: readonly string[]
  /** How much history: `--depth=100`, `--deepen=400`, `--unshallow`. Absent: all that is new. */
  readonly depth?: string | undefined
  /** Without the content of files, as far as the remote offers that. */
  readonly partial: boolean
}

/** The remote's refs by full name. */
export type RemoteRefs = ReadonlyMap<string, string>

/** The name by which the remote goes in our commands. Nobody has settings for it. */
const NAME = 'qdrant-loader'
/** A ref or object that is not there is for the caller to judge. The names in it may say anything. */
const MISSING = /couldn't find remote ref|not our ref|unadvertised object/i
const SMART = /^application\/x-git-/
/** So that a display is not drawn for each line, in milliseconds. */
const SAY_EVERY = 250

/** Talks with one remote, and tries again what fails for a passing reason. */
export class RemoteClient {
  readonly #deps: RemoteClientDeps

  constructor(deps: RemoteClientDeps) {
    this.#deps = deps
  }

  /**
   * Everything the remote has a name for; empty for a repository without commits.
   *
   * @throws LoaderError `git_not_git` when an http server answers, and not with Git's protocol: a login page and a proxy's
   * empty answer look like a repository without refs.
   */
  async listRefs(signal: AbortSignal, retry?: RetryPolicy): Promise<RemoteRefs> {
    const { output, answers } = await this.#talk(this.#deps.git, ['ls-remote', '--quiet', '--', this.#deps.remote.url], signal, { trace: this.#trace }, retry)
    const refs = new Map<string, string>()
    for (const line of output.toString('utf8').split('\n')) {
      const [object = '', name = ''] = line.split('\t')
      if (name !== '' && !name.endsWith('^{}')) refs.set(name, object)
    }
    if (refs.size === 0 && answers.length > 0 && !answers.some(({ contentType }) => SMART.test(contentType))) throw await this.#notGit(answers, signal)
    return refs
  }

  /** @throws LoaderError for what is about the remote; GitFailure for what is not, and for a ref that is not there. */
  async fetch(request: FetchRequest, signal: AbortSignal, retry?: RetryPolicy): Promise<void> {
    const { refspecs = [], objects, depth, partial, copy } = request
    const args = [
      'fetch',
      '--progress',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-auto-maintenance',
      '--no-recurse-submodules',
      '--no-prune',
      '--update-shallow',
      ...(partial ? ['--filter=blob:none'] : []),
      ...(partial && this.#deps.remote.path !== undefined ? [FILTERING_LOCAL] : []),
      ...(depth === undefined ? [] : [depth]),
      ...(objects === undefined ? [] : ['--stdin']),
      NAME,
      ...refspecs,
    ]
    const config = [
      `remote.${NAME}.url=${this.#deps.remote.url}`,
      // Only while fetching: nothing that reads the copy ever fetches by itself what is not there.
      ...(partial ? [`remote.${NAME}.promisor=true`, `remote.${NAME}.partialclonefilter=blob:none`] : []),
      ...(objects === undefined ? [] : ['fetch.negotiationAlgorithm=noop']),
    ]
    const input = objects === undefined ? undefined : `${objects.join('\n')}\n`
    await this.#talk(copy, args, signal, { config, input, trace: this.#trace, onProgress: this.#teller(request.what) }, retry)
  }

  get #trace(): 'headers' | undefined {
    return this.#deps.remote.origin === undefined ? undefined : 'headers'
  }

  async #talk(git: Git, args: readonly string[], signal: AbortSignal, start: GitStart, retry = this.#deps.retry): Promise<Conversation> {
    const { display, remote, now, onRequest, progress } = this.#deps
    const attempt = async (): Promise<Conversation> => {
      onRequest()
      try {
        return await git.talk(args, signal, start)
      } catch (error) {
        if (!(error instanceof GitFailure) || MISSING.test(error.stderr)) throw error
        // What git says of our own folder is not about the remote.
        if (git.directory !== undefined && error.stderr.includes(git.directory)) throw error
        throw remoteError(error, display, now()) ?? error
      }
    }
    // A folder of this machine does not come to itself by waiting.
    const policy = remote.path === undefined ? retry : { ...retry, attempts: 0 }
    try {
      return await retrying(attempt, {
        policy,
        signal,
        now,
        onWait: (ms, error) => progress(`waiting ${Math.ceil(ms / 1_000)} s before asking again: ${error.message}`),
      })
    } catch (error) {
      const failure = isLoaderError(error) ? error.cause : error
      const answer = failure instanceof GitFailure ? failure.answers.at(-1) : undefined
      if (answer?.status === 200 && /html/.test(answer.contentType)) throw await this.#notGit([answer], signal)
      throw error
    }
  }

  /** Asks once more, to hear what the server says in the place of Git's protocol. */
  async #notGit(answers: readonly HttpAnswer[], signal: AbortSignal): Promise<Error> {
    const { git, remote, display, redact, onRequest } = this.#deps
    onRequest()
    const heard = await git
      .talk(['ls-remote', '--quiet', '--', remote.url], signal, { trace: 'bodies' })
      .then((conversation) => conversation.answers)
      .catch((error: unknown) => (error instanceof GitFailure ? error.answers : []))
    signal.throwIfAborted()
    return notGit(display, heard.at(-1) ?? answers.at(-1), redact)
  }

  /** Tells what git's progress says. Every line is a sign of life, and not every one is worth a word. */
  #teller(what: string): (line: string) => void {
    const { progress } = this.#deps
    let last = 0
    let said = what
    return (line) => {
      const words = readProgress(line)
      if (words !== undefined) said = `${what}: ${words}`
      if (performance.now() - last < SAY_EVERY) return
      last = performance.now()
      progress(said)
    }
  }
}

/** A local repository gives commits without files only when it is told to. */
const FILTERING_LOCAL = '--upload-pack=git -c uploadpack.allowFilter=true -c uploadpack.allowAnySHA1InWant=true upload-pack'
