import { createHash } from 'node:crypto'
import { idToPath, idToText } from './path-id.ts'
import type { Remote } from './remote.ts'

type WebStyle = (branch: string, path: string) => string

/** Web addresses of files. `HEAD` stands for the default branch on all of them. */
const STYLES: Readonly<Record<string, WebStyle>> = {
  github: (branch, path) => `blob/${branch}/${path}`,
  gitlab: (branch, path) => `-/blob/${branch}/${path}`,
  bitbucket: (branch, path) => `src/${branch}/${path}`,
  gitea: (branch, path) => (branch === 'HEAD' ? `src/HEAD/${path}` : `src/branch/${branch}/${path}`),
}

/**
 * Gives each path its URL: a web page on hosts whose layout is known by name, else the remote's address with the path
 * as fragment, or a `file:` URL below the folder of a local repository. Never with credentials.
 */
export function urlMaker(remote: Remote, branch: string | undefined): (id: string) => string {
  if (remote.path !== undefined) {
    const base = remote.repositoryPath.replace(/\/$/, '')
    return (id) => `${base}/${encodePath(id)}`
  }
  const style = webStyle(remote.host ?? '')
  if (style) {
    // Behind ssh, the port is ssh's own, not that of the web pages.
    const base = `${remote.origin ?? `https://${remote.host}`}/${encodePath(remote.repositoryPath)}/`
    const encoded = encodePath(branch ?? 'HEAD')
    return (id) => base + style(encoded, encodePath(id))
  }
  const address = remote.url.includes('://') ? remote.url : `ssh://${remote.url.replace(':', '/')}`
  return (id) => `${address}#${encodePath(id)}`
}

/** Raised when stubs get other fields, so that a cursor of before leads to a full listing. */
const STUB_VERSION = 1

/** Names everything beside path and history that enters stubs, so that a change of it (branch, remote) is noticed. */
export function placeOf(remote: Remote, branch: string | undefined): string {
  const example = `${STUB_VERSION} ${urlMaker(remote, branch)('x')}`
  return createHash('sha256').update(example).digest('hex').slice(0, 16)
}

/** The file's name as a person reads it. */
export function fileName(id: string): string {
  const path = idToText(id)
  return path.slice(path.lastIndexOf('/') + 1)
}

function webStyle(host: string): WebStyle | undefined {
  const name = host.toLowerCase()
  if (name === 'codeberg.org' || name.startsWith('gitea.')) return STYLES['gitea']
  return ['github', 'gitlab', 'bitbucket'].flatMap((known) => (name.split(/[.:]/).includes(known) ? [STYLES[known]] : []))[0]
}

const ENCODED_BYTES = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  return /[A-Za-z0-9\-._~/]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
})

/** Percent-encodes all but unreserved bytes and the slash; works on bytes, since a path need not be UTF-8. */
function encodePath(id: string): string {
  if (/^[A-Za-z0-9\-._~/]*$/.test(id)) return id
  let encoded = ''
  for (const byte of idToPath(id)) encoded += ENCODED_BYTES[byte]
  return encoded
}
