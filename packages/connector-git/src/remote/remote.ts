import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { namesAnOwner, pastedAddress, pastedProblem } from './pasted-address.ts'

/** A repository's address, with credentials taken out of it. */
export interface Remote {
  /** What git is given. Never holds a password or a token. */
  readonly url: string
  /** As the user wrote it, with credentials: for a look at its form only. */
  readonly written: string
  /** The folder, for a repository on this machine. */
  readonly path: string | undefined
  /** Scheme, host and port that credentials are sent to; undefined for what is not http or https. */
  readonly origin: string | undefined
  readonly ssh: boolean
  /** From the URL's user part. */
  readonly username: string | undefined
  /** From the URL's user part. A secret. */
  readonly password: string | undefined
  /** Host name and path without a leading slash, for web addresses. */
  readonly host: string | undefined
  readonly repositoryPath: string
}

// `host:path` as ssh understands it; a colon after a slash, or a drive letter, makes it a path.
const SCP_LIKE = /^(?:([^@/:]+)@)?(\[[0-9a-fA-F:]+\]|[^/:@[\]]{2,}):(?!\/\/)(.+)$/
const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//
const HELPER = /^[a-zA-Z0-9][a-zA-Z0-9+.-]*::/

/**
 * Reads a `base_url`. What git would hand to a remote helper (`ext::…` runs a command) and what it would take for an
 * option is refused.
 */
export function parseRemote(baseUrl: string, configDirectory: string): Remote | { readonly problem: string } {
  if (baseUrl.trim() !== baseUrl || baseUrl === '') return { problem: 'must not be empty or have spaces around it' }
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(baseUrl)) return { problem: 'must not contain control characters' }
  if (baseUrl.startsWith('-')) return { problem: 'must not start with "-"; write ./ before such a path' }
  if (HELPER.test(baseUrl)) return { problem: 'uses a git remote helper, which is refused because it can run commands' }
  const scheme = SCHEME.exec(baseUrl)?.[1]?.toLowerCase()
  if (scheme !== undefined) return fromUrl(baseUrl, scheme)
  const scp = SCP_LIKE.exec(baseUrl)
  if (scp) return fromScp(baseUrl, scp)
  return local(resolve(configDirectory, baseUrl), baseUrl)
}

function fromUrl(baseUrl: string, scheme: string): Remote | { readonly problem: string } {
  if (!['https', 'http', 'ssh', 'git', 'file'].includes(scheme)) {
    return { problem: `has the scheme "${scheme}"; use https, http, ssh, git or file` }
  }
  if (!URL.canParse(baseUrl)) return { problem: 'is not a valid URL' }
  const url = new URL(baseUrl)
  if (scheme === 'file') return fromFileUrl(url, baseUrl)
  // An ssh host that starts with a dash would become an option of ssh (CVE-2017-1000117).
  if (url.hostname === '' || decodeURIComponent(url.hostname).startsWith('-')) return { problem: 'has no valid host' }
  const http = scheme === 'http' || scheme === 'https'
  const pasted = http ? pastedAddress(url) : undefined
  if (pasted !== undefined) return { problem: pastedProblem(pasted) }
  if (http && namesAnOwner(url)) return { problem: `names ${url.pathname === '/' ? 'a server' : 'an owner'} on ${url.host}, not a repository` }
  if (http && (url.search !== '' || url.hash !== '')) return { problem: 'must not have a query or a fragment' }
  if (!http && url.password !== '') return { problem: 'must not contain a password; ssh uses your keys' }
  if (!http && url.username.startsWith('-')) return { problem: 'has no valid user' }
  const username = http && url.username !== '' ? decode(url.username) : undefined
  const password = http && url.password !== '' ? decode(url.password) : undefined
  if (username === undefined && password !== undefined) return { problem: 'has a password without a user name' }
  if (/[\r\n\0]/.test(`${username ?? ''}${password ?? ''}`)) return { problem: 'has a line break in its user part' }
  if (http) {
    url.username = ''
    url.password = ''
  }
  return {
    url: url.href,
    written: baseUrl,
    path: undefined,
    origin: http ? url.origin : undefined,
    ssh: scheme === 'ssh',
    username,
    password,
    host: http ? url.host : url.hostname,
    repositoryPath: trimRepositoryPath(decode(url.pathname)),
  }
}

function fromFileUrl(url: URL, written: string): Remote | { readonly problem: string } {
  if (url.hostname !== '' && url.hostname !== 'localhost') return { problem: 'is a file URL of another host' }
  try {
    return local(fileURLToPath(new URL(`file://${url.pathname}`)), written)
  } catch {
    return { problem: 'is not a valid file URL' }
  }
}

function fromScp(baseUrl: string, [, user, host = '', path = '']: RegExpExecArray): Remote | { readonly problem: string } {
  if (host.startsWith('-') || user?.startsWith('-') === true || path.startsWith('-')) return { problem: 'has a part that starts with "-"' }
  return {
    url: baseUrl,
    written: baseUrl,
    path: undefined,
    origin: undefined,
    ssh: true,
    username: undefined,
    password: undefined,
    host,
    repositoryPath: trimRepositoryPath(path),
  }
}

function local(path: string, written: string): Remote {
  return {
    url: path,
    written,
    path,
    origin: undefined,
    ssh: false,
    username: undefined,
    password: undefined,
    host: undefined,
    repositoryPath: pathToFileURL(path).href,
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function trimRepositoryPath(path: string): string {
  return path.replace(/^\/+|(?<!\/)\/+$/g, '').replace(/\.git$/, '')
}

/** Names the kept repository of a remote: the same for addresses that differ in credentials or a trailing `.git` only. */
export function remoteKey(remote: Remote): string {
  const address = remote.path ?? remote.url.replace(/(?<!\/)\/+$/, '').replace(/\.git$/, '')
  return createHash('sha256').update(address).digest('hex').slice(0, 24)
}
