import type { ServerOptions } from '../base/simulated-server.ts'
import type { RateLimit } from './rate-window.ts'

/** Most results of one answer of a search or a v1 listing, by what is expanded. */
export interface PageCaps {
  readonly plain: number
  readonly expanded: number
  readonly bodies: number
  /** Of a v2 listing; a limit above 250 is refused whatever this is. */
  readonly v2: number
}

/** How a server that cuts its listings by position speaks of that. */
export interface PositionQuirks {
  /** What an answer says in `limit`: how many rows it looked at, what was asked for, or nothing. Default `applied`. */
  readonly limit?: 'applied' | 'asked' | 'none'
  /**
   * Where the next link starts. `applied` (default): behind the rows that were looked at. `asked`: behind as many as were
   * asked for, and there is no link where that is behind the last one. `repeats`, `empties`: listings of more than
   * {@link PositionQuirks.endlessOver} rows have a link for ever; behind their end they show the last rows again, or nothing.
   */
  readonly next?: 'applied' | 'asked' | 'repeats' | 'empties'
  /** Default 200. */
  readonly endlessOver?: number
}

/** How the simulated server is set up. */
export interface ConfluenceSimulatorOptions extends ServerOptions {
  readonly deployment: 'cloud' | 'datacenter'
  /** Default `simulated-token`. */
  readonly token?: string
  /** Of the account on Cloud; the user name on Data Center, where the token may also be its password. Default `ada@example.com`. */
  readonly email?: string
  /** Data Center only; starts with `/`, or empty for none. Default `/confluence`. */
  readonly contextPath?: string
  /** How far the search index is behind, in milliseconds. Default 0. Changed through `world.index.lagMs`. */
  readonly indexLagMs?: number
  /**
   * Most results of one answer, whatever is asked for. Searches and all listings of Data Center: 1,000, with
   * expansions 200, with bodies 50; listings of v2: 250.
   * https://confluence.atlassian.com/confkb/1032258424.html
   */
  readonly caps?: Partial<PageCaps>
  /** How long a cursor is good for, in milliseconds of `now`. Default one hour. */
  readonly cursorLifetimeMs?: number
  /** Searches show archived pages too. Default true on Cloud. */
  readonly searchShowsArchived?: boolean
  /** A query that names a space which cannot be seen is refused as a whole, instead of finding nothing there. Default false. */
  readonly searchRefusesUnknownSpaces?: boolean
  /** `GET pages/{id}` of v2 shows a trashed page without being asked for its state. Default true. */
  readonly getShowsTrashed?: boolean
  /**
   * Data Center: the trash of a space is its administrators' business. Listing it is refused with 403, and a trashed
   * content by id is not there. Default false.
   */
  readonly trashNeedsAdmin?: boolean
  /** Wrong credentials: listings answer as to an anonymous visitor, who sees nothing. Default false: 401 everywhere. */
  readonly anonymousListings?: boolean
  /** Requests without any credential see everything, as on a site that is open to everybody. Default false. */
  readonly openToEverybody?: boolean
  /** Data Center: how answers speak of the positions at which they are cut. */
  readonly positions?: PositionQuirks
  /** Looking people up is refused with this status, as to a token without that scope. Default: it is allowed. */
  readonly usersRefused?: 401 | 403
  /** An answer takes so many milliseconds for each text in it, and for each row of a listing of v2 or Data Center. Default 0. */
  readonly slowness?: { readonly perText?: number; readonly perRow?: number }
  /** See `ConfluenceWorld.rewritesLinks`. Default false. */
  readonly rewritesLinks?: boolean
  /** Answers carry the server's clock. Default true; proxies may take it out. */
  readonly tellsTime?: boolean
  /** Default: no limit. */
  readonly rateLimit?: RateLimit
}
