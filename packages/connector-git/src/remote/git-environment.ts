import { dirname } from 'node:path'
import type { Remote } from './remote.ts'

/** What is sent to an http or https remote that asks for credentials. Both are secrets. */
export interface GitCredentials {
  readonly username: string
  readonly password: string
}

/** Variables by which a surrounding git (a hook, an alias) would turn ours to its own repository. */
const REPOSITORY_VARIABLES = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_GRAFT_FILE',
  'GIT_SHALLOW_FILE',
  'GIT_REPLACE_REF_BASE',
  'GIT_QUARANTINE_PATH',
  'GIT_EXTERNAL_DIFF',
  'GIT_DEFAULT_HASH',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
  'GIT_TRACE',
  'GIT_TRACE_CURL',
  'GIT_TRACE_CURL_NO_DATA',
  'GIT_TRACE_REDACT',
  'GIT_CURL_VERBOSE',
  'GIT_TRACE_PACKET',
]

/** The helper is git's own shell running two lines; the secret stays in the environment of our child. */
const HELPER =
  '!f() { test "$1" = get || return 0; echo "username=$QDRANT_LOADER_GIT_USERNAME"; echo "password=$QDRANT_LOADER_GIT_PASSWORD"; }; f'

/** The credentials for a remote: the configured token wins over a password in the URL. */
export function credentialsFor(remote: Remote, token: string | undefined): GitCredentials | undefined {
  if (remote.origin === undefined) return undefined
  const password = token ?? remote.password
  if (password === undefined) return undefined
  return { username: remote.username ?? tokenUser(remote.host ?? ''), password }
}

// GitLab, Gitea and Azure take any name with a token; GitHub documents this one, Bitbucket insists on its own.
function tokenUser(host: string): string {
  if (host === 'bitbucket.org') return 'x-token-auth'
  return host.includes('gitlab') ? 'oauth2' : 'x-access-token'
}

/**
 * The environment of every git we start. The configuration of the user and of the system stays in force (proxies,
 * certificates, credential helpers); nothing may prompt, run a hook, or use a transport that runs commands. Git runs in
 * `directory`, a folder of ours, and takes no folder there or above for a repository: what somebody left in the
 * folder that a sync is started in must not get our token or run a command.
 */
export function gitEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  remote: Remote,
  credentials: GitCredentials | undefined,
  directory: string,
): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !REPOSITORY_VARIABLES.includes(name)) environment[name] = value
  }
  Object.assign(environment, {
    LC_ALL: 'C',
    LANGUAGE: '',
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_PAGER: 'cat',
    // Only folders below a ceiling are searched; `directory` itself holds nothing but our copies.
    GIT_CEILING_DIRECTORIES: dirname(directory),
    // What an object store lacks is fetched by us, together, or not at all.
    GIT_NO_LAZY_FETCH: '1',
  })
  // Git's HTTP library reads this one in lower case only.
  if (environment['HTTP_PROXY'] !== undefined) environment['http_proxy'] ??= environment['HTTP_PROXY']
  // An empty program means: ask nobody. A user's own one may be how an unattended machine gives its credentials.
  environment['GIT_ASKPASS'] ??= ''
  // Slow is fine, silent is not.
  environment['GIT_HTTP_LOW_SPEED_LIMIT'] ??= '1'
  environment['GIT_HTTP_LOW_SPEED_TIME'] ??= '120'
  if (credentials && remote.origin !== undefined) addCredentials(environment, remote.origin, credentials)
  return environment
}

/**
 * A helper scoped to the remote's origin, not a header: git would send a header on to wherever the server redirects
 * to. The empty entry before it takes out the user's helpers, which would store our secret.
 */
function addCredentials(environment: Record<string, string>, origin: string, credentials: GitCredentials): void {
  const before = Number(environment['GIT_CONFIG_COUNT'] ?? '0')
  const first = Number.isSafeInteger(before) && before > 0 ? before : 0
  const entries = [
    ['credential.helper', ''],
    [`credential.${origin}.helper`, HELPER],
    [`credential.${origin}.useHttpPath`, 'false'],
  ] as const
  entries.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${first + index}`] = key
    environment[`GIT_CONFIG_VALUE_${first + index}`] = value
  })
  environment['GIT_CONFIG_COUNT'] = String(first + entries.length)
  environment['QDRANT_LOADER_GIT_USERNAME'] = credentials.username
  environment['QDRANT_LOADER_GIT_PASSWORD'] = credentials.password
}

// Bounded, so that it stays linear on whatever a server writes.
const USER_PART = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,2000}@/gi

/** What the host takes out, and the credentials that only we know, in each form that git may print them in. */
export function redactor(credentials: GitCredentials | undefined, redact: (text: string) => string): (text: string) => string {
  const secrets: string[] = []
  if (credentials) {
    const pair = `${credentials.username}:${credentials.password}`
    secrets.push(Buffer.from(pair).toString('base64'), encodeURIComponent(credentials.password), credentials.password)
  }
  return (text) => {
    let clean = redact(text)
    for (const secret of secrets) clean = clean.replaceAll(secret, '***')
    return clean.replace(USER_PART, '$1***@')
  }
}
