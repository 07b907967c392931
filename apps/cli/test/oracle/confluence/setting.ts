import type { ConfluenceSimulator, ConfluenceSimulatorOptions } from '@qdrant-loader/simulators'

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

/** How a server of Data Center speaks of what it cuts off. Those that lie about it look at so many rows at least. */
const CUTS: readonly Partial<ConfluenceSimulatorOptions>[] = [
  { positions: { next: 'asked' } },
  { positions: { next: 'repeats', endlessOver: 6 } },
  { positions: { next: 'empties', endlessOver: 6 } },
  { positions: { next: 'asked', limit: 'asked' }, caps: { plain: 25, expanded: 25, bodies: 25 } },
  { positions: { next: 'empties', limit: 'none', endlessOver: 6 }, caps: { plain: 25, expanded: 25, bodies: 25 } },
]

/** Quirks of servers that are there all the time. */
export function drawQuirks(random: Random, deployment: Setting['deployment']): Partial<ConfluenceSimulatorOptions> {
  const cuts = deployment === 'datacenter' && random() < 0.5 ? CUTS[Math.floor(random() * CUTS.length)] : {}
  return { ...cuts, rewritesLinks: random() < 0.5, ...(random() < 0.15 && { usersRefused: random() < 0.5 ? 401 : 403 }) }
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
