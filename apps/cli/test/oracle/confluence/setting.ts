import type { ConfluenceSimulator } from '@qdrant-loader/simulators'

type Random = () => number

/** What is varied between histories. */
export interface Setting {
  readonly deployment: 'cloud' | 'datacenter'
  /** Keys of the spaces that are read. */
  readonly spaces: readonly [string, string]
  readonly comments: boolean
  readonly blogPosts: boolean
  readonly wanted: readonly string[]
  readonly unwanted: readonly string[]
  /** The id of a page below which alone is read. */
  readonly ancestor: string | undefined
  readonly keepsHidden: boolean
  /** Data Center: the account is no administrator of the spaces, so nobody tells it what is in the trash. */
  readonly trashNeedsAdmin: boolean
}

/** Keys of personal spaces: account ids on Cloud, user names on Data Center. */
const PERSONAL = { cloud: ['~712020abc', '~5b10ac8d82e05b22cc7d4ef5'], datacenter: ['~jörg', '~grace.hopper@example.com'] } as const

/** Before there is a server. */
export function drawSpaces(random: Random, deployment: Setting['deployment']): Setting['spaces'] {
  const personal = PERSONAL[deployment][random() < 0.5 ? 0 : 1]
  return ['DEV', random() < 0.3 ? personal : 'OPS']
}

/** The rest, when there are pages. */
export function drawSetting(random: Random, { world }: ConfluenceSimulator, given: Pick<Setting, 'deployment' | 'spaces' | 'trashNeedsAdmin'>): Setting {
  return {
    ...given,
    comments: random() < 0.6,
    blogPosts: random() < 0.8,
    wanted: random() < 0.15 ? ['guide', 'howto'] : [],
    unwanted: random() < 0.7 ? ['private'] : [],
    ancestor: random() < 0.2 ? world.space('DEV').homepageId : undefined,
    keepsHidden: random() < 0.25,
  }
}

/** As the user writes it. */
export function configOf({ url, email, token }: ConfluenceSimulator, setting: Setting): unknown {
  const { deployment, spaces, comments, blogPosts, wanted, unwanted, ancestor, keepsHidden } = setting
  return {
    base_url: url,
    deployment_type: deployment,
    space_key: spaces,
    ...(deployment === 'cloud' ? { email } : {}),
    token,
    include_comments: comments,
    ...(blogPosts ? {} : { content_types: 'page' }),
    ...(wanted.length === 0 ? {} : { include_labels: wanted }),
    ...(unwanted.length === 0 ? {} : { exclude_labels: unwanted }),
    ...(ancestor === undefined ? {} : { ancestors: ancestor }),
    ...(keepsHidden ? { on_hidden: 'keep' } : {}),
  }
}
