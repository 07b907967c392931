import { createHash } from 'node:crypto'
import { idToPath, idToText } from '../git/path-id.ts'
import { hostTypeOf } from './host-type.ts'
import type { HostType } from './host-type.ts'
import type { Remote } from './remote.ts'

/** What a link names besides the file. */
export interface LinkedRef {
  /** As in a link: `main`, `v1.0`, an id; `HEAD` for the default branch. */
  readonly name: string
  readonly kind: 'default' | 'branch' | 'tag' | 'commit'
}

/** How pages of files are called. */
export interface LinkOptions {
  /** Absent: told from the address. */
  readonly hostType?: HostType | undefined
  /** `https://docs.example.com/{stem}`, with `{path}`, `{stem}` (the path without its extension), `{name}` and `{ref}`. */
  readonly template?: string | undefined
}

/** Where pages are: the address before the path of the repository, and that path. */
interface WebPlace {
  readonly root: string
  readonly repository: string
}

type Link = (place: WebPlace, ref: LinkedRef, path: string) => string

/** Addresses of the pages of files. All arguments are encoded. */
const LINKS: Readonly<Record<HostType, Link>> = {
  github: ({ root, repository }, { name }, path) => `${root}/${repository}/blob/${name}/${path}`,
  gitlab: ({ root, repository }, { name }, path) => `${root}/${repository}/-/blob/${name}/${path}`,
  bitbucket: ({ root, repository }, { name }, path) => `${root}/${repository}/src/${name.replaceAll('/', '%2F')}/${path}`,
  'bitbucket-datacenter': dataCenterLink,
  'azure-devops': azureLink,
  gitea: giteaLink,
  forgejo: giteaLink,
  sourcehut: ({ root, repository }, { name }, path) => `${root}/${repository}/tree/${name}/item/${path}`,
}

function giteaLink({ root, repository }: WebPlace, { name, kind }: LinkedRef, path: string): string {
  return `${root}/${repository}/src/${kind === 'default' ? 'HEAD' : `${kind}/${name}`}/${path}`
}

/** `/scm/PROJ/repo` is seen under `/projects/PROJ/repos/repo`, and `/scm/~ada/repo` under `/users/ada/repos/repo`. */
function dataCenterLink({ root, repository }: WebPlace, { name, kind }: LinkedRef, path: string): string {
  const parts = repository.split('/')
  const [owner = '', repo = ''] = parts.slice(-2)
  const context = parts.slice(0, -2).filter((part) => part !== 'scm').map((part) => `${part}/`).join('')
  const user = /^(?:~|%7E)(.+)$/.exec(owner)?.[1]
  const at = kind === 'default' ? '' : `?at=${encodeURIComponent(`${PREFIX[kind]}${decodeURIComponent(name)}`)}`
  return `${root}/${context}${user === undefined ? `projects/${owner}` : `users/${user}`}/repos/${repo}/browse/${path}${at}`
}

const PREFIX = { branch: 'refs/heads/', tag: 'refs/tags/', commit: '' } as const
const VERSION = { branch: 'GB', tag: 'GT', commit: 'GC' } as const

function azureLink({ root, repository }: WebPlace, { name, kind }: LinkedRef, path: string): string {
  const version = kind === 'default' ? '' : `&version=${VERSION[kind]}${name.replaceAll('/', '%2F')}`
  return `${root}/${repository}?path=%2F${path.replaceAll('/', '%2F')}${version}`
}

/**
 * Gives each path its URL: what `template` says; a web page where the kind of server is known; otherwise the remote's
 * address with the path as fragment, or a `file:` URL below the folder of a local repository. Never with credentials.
 */
export function urlMaker(remote: Remote, ref: LinkedRef, { hostType, template }: LinkOptions = {}): (id: string) => string {
  const encodedRef: LinkedRef = { ...ref, name: encodePath(ref.name) }
  if (template !== undefined) return (id) => filled(template, encodedRef.name, encodePath(id))
  if (remote.path !== undefined) {
    const base = remote.repositoryPath.replace(/\/$/, '')
    return (id) => `${base}/${encodePath(id)}`
  }
  const type = hostType ?? hostTypeOf(remote)
  if (type !== undefined) {
    const place = webPlace(remote, type)
    const wiki = wikiLink(place, type)
    return wiki ?? ((id) => LINKS[type](place, encodedRef, encodePath(id)))
  }
  const address = remote.url.includes('://') ? remote.url : `ssh://${remote.url.replace(':', '/')}`
  return (id) => `${address}#${encodePath(id)}`
}

/** Hosts that ssh reaches under another name. */
const SSH_NAMES: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
  'ssh.dev.azure.com': 'dev.azure.com',
}

function webPlace(remote: Remote, type: HostType): WebPlace {
  // Behind ssh, the port is ssh's own, not that of the web pages.
  const host = remote.host ?? ''
  const root = remote.origin ?? `https://${SSH_NAMES[host] ?? host}`
  const repository = encodePath(remote.repositoryPath)
  // `v3/org/project/repo` is how ssh names `org/project/_git/repo`.
  const [version, organisation, project, name] = repository.split('/')
  if (type !== 'azure-devops' || version !== 'v3' || name === undefined) return { root, repository }
  if (host === 'vs-ssh.visualstudio.com') return { root: `https://${organisation}.visualstudio.com`, repository: `${project}/_git/${name}` }
  return { root, repository: `${organisation}/${project}/_git/${name}` }
}

/** Pages of a wiki have the name of their file without its extension, wherever it is in the repository on GitHub. */
function wikiLink({ root, repository }: WebPlace, type: HostType): ((id: string) => string) | undefined {
  const project = /^(.+)\.wiki$/.exec(repository)?.[1]
  if (project === undefined) return undefined
  const page = (id: string): string => encodePath(id).replace(/\.(?:md|markdown|mdown|mkdn?|textile|rdoc|org|creole|mediawiki|wiki|rst|rest|asciidoc|adoc|asc|pod)$/i, '')
  if (type === 'github') return (id) => `${root}/${project}/wiki/${isPage(id) ? page(id.slice(id.lastIndexOf('/') + 1)) : encodePath(id)}`
  if (type === 'gitlab') return (id) => `${root}/${project}/-/wikis/${page(id)}`
  if (type === 'gitea' || type === 'forgejo') return (id) => `${root}/${project}/wiki/${page(id)}`
  return undefined
}

function isPage(id: string): boolean {
  return /\.(?:md|markdown|mdown|mkdn?|textile|rdoc|org|creole|mediawiki|wiki|rst|rest|asciidoc|adoc|asc|pod)$/i.test(id)
}

/** What may stand in a template, in braces. */
const PLACEHOLDERS = ['path', 'stem', 'name', 'ref'] as const

/** What is wrong with a template, or undefined. */
export function templateProblem(template: string): string | undefined {
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name).find((name) => !PLACEHOLDERS.includes(name as 'path'))
  if (unknown !== undefined) return `has no placeholder {${unknown}}; there are {${PLACEHOLDERS.join('}, {')}}`
  if (!/\{(?:path|stem)\}/.test(template)) return 'must contain {path} or {stem}; otherwise all files have one URL'
  return URL.canParse(template.replaceAll(/[{}]/g, '')) ? undefined : 'is not a URL'
}

function filled(template: string, ref: string, path: string): string {
  const stem = path.replace(/(?<=[^/])\.[^./]*$/, '')
  const values: Readonly<Record<string, string>> = { path, stem, name: path.slice(path.lastIndexOf('/') + 1), ref }
  return template.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** Raised when stubs get other fields, so that a cursor of before leads to a full listing. */
const STUB_VERSION = 1

/** Names everything beside path and history that enters stubs, so that a change of it (branch, remote) is noticed. */
export function placeOf(urlOf: (id: string) => string): string {
  return createHash('sha256').update(`${STUB_VERSION} ${urlOf('x')} ${urlOf('x/y.md')}`).digest('hex').slice(0, 16)
}

/** The file's name as a person reads it. */
export function fileName(id: string): string {
  const path = idToText(id)
  return path.slice(path.lastIndexOf('/') + 1)
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
