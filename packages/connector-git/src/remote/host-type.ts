import type { Remote } from './remote.ts'

/** The kinds of servers whose pages of files we know how to name. */
export const HOST_TYPES = ['github', 'gitlab', 'bitbucket', 'bitbucket-datacenter', 'azure-devops', 'gitea', 'forgejo', 'sourcehut'] as const
export type HostType = (typeof HOST_TYPES)[number]

/** Names that say by themselves what they are; of a name such as `gitlab.example.com` a part does. */
const WHOLE: Readonly<Record<string, HostType>> = {
  'codeberg.org': 'forgejo',
  'git.sr.ht': 'sourcehut',
  'dev.azure.com': 'azure-devops',
  'ssh.dev.azure.com': 'azure-devops',
  'vs-ssh.visualstudio.com': 'azure-devops',
  'bitbucket.org': 'bitbucket',
  'altssh.bitbucket.org': 'bitbucket',
}
const PARTS: Readonly<Record<string, HostType>> = { github: 'github', gitlab: 'gitlab', gitea: 'gitea', forgejo: 'forgejo', stash: 'bitbucket-datacenter' }

/** What kind of server a remote is on, as far as its address tells; undefined when it does not. */
export function hostTypeOf({ host = '', repositoryPath }: Remote): HostType | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, '')
  if (WHOLE[name] !== undefined) return WHOLE[name]
  if (name.endsWith('.visualstudio.com') || repositoryPath.split('/').includes('_git')) return 'azure-devops'
  if (/(?:^|\/)scm\/[^/]+\/[^/]+$/.test(repositoryPath)) return 'bitbucket-datacenter'
  const labels = name.split('.')
  if (labels.includes('bitbucket')) return 'bitbucket-datacenter'
  return labels.flatMap((label) => PARTS[label] ?? [])[0]
}
