/** What is known of a space from the runs before; see {@link CONCLUSIONS}. */
export const KNOWN_OF_SPACE = ['unread', 'filled', 'empty', 'doubted', 'behind'] as const

/**
 * - `unread`: nothing.
 * - `filled`: it was listed completely, and showed pages.
 * - `empty`: it was listed completely, and there were none.
 * - `doubted`: it can be read and shows none of its pages, and nothing tells that they are gone.
 * - `behind`: it showed pages once; since then it could not be read, or in part only.
 */
export type KnownOfSpace = (typeof KNOWN_OF_SPACE)[number]

/** What a run may see of a space; see {@link CONCLUSIONS}. */
export const SEEN_OF_SPACE = ['unreadable', 'there', 'stirs', 'pages', 'in part', 'elsewhere', 'bare', 'blank'] as const

/**
 * - `unreadable`: it is not among the spaces that can be read, or refuses to be listed.
 * - `there`: it is among them, and was not looked into; where it is in doubt, it shows no page.
 * - `stirs`: it is in doubt, and shows a page.
 *
 * After a complete listing:
 *
 * - `pages`: it shows some.
 * - `in part`: it shows some, and there may be others that were not shown.
 * - `elsewhere`: it shows none, and one that is held of it is seen in the trash, the archive or another space.
 * - `bare`: it shows none, and nothing is held of it.
 * - `blank`: it shows none, and of those that are held none is seen anywhere.
 */
export type SeenOfSpace = (typeof SEEN_OF_SPACE)[number]

/** What follows for this run and the next one. */
export type Conclusion =
  /** The run answers for it: changes are all that was missing, or what a listing did not name is absent. */
  | { readonly is: 'vouched'; readonly known: KnownOfSpace }
  /** It has to be listed before anything can be said. */
  | { readonly is: 'to list' }
  /** Nothing is concluded from what is absent; the user is told of the problem. */
  | { readonly is: 'left out'; readonly known: KnownOfSpace; readonly problem?: 'unreadable' | 'shows nothing' }

const FILLED = { is: 'vouched', known: 'filled' } as const
const EMPTY = { is: 'vouched', known: 'empty' } as const
const TO_LIST = { is: 'to list' } as const
const DOUBTED = { is: 'left out', known: 'doubted', problem: 'shows nothing' } as const
const IN_PART = { is: 'left out', known: 'behind' } as const
const NEVER_READ = { is: 'left out', known: 'unread', problem: 'unreadable' } as const
const BEHIND = { is: 'left out', known: 'behind', problem: 'unreadable' } as const

/**
 * All that is ever concluded of a space as a whole: what is known of it × what was seen of it. Nothing is deleted unless it
 * is vouched for. A space that showed pages and shows none is not empty because nothing is held of it any more: what waits
 * for its deletion is not among what is held.
 */
export const CONCLUSIONS: Readonly<Record<KnownOfSpace, Readonly<Record<SeenOfSpace, Conclusion>>>> = {
  unread: { unreadable: NEVER_READ, there: TO_LIST, stirs: TO_LIST, pages: FILLED, 'in part': IN_PART, elsewhere: EMPTY, bare: EMPTY, blank: DOUBTED },
  filled: { unreadable: BEHIND, there: FILLED, stirs: FILLED, pages: FILLED, 'in part': IN_PART, elsewhere: EMPTY, bare: DOUBTED, blank: DOUBTED },
  empty: { unreadable: NEVER_READ, there: EMPTY, stirs: EMPTY, pages: FILLED, 'in part': IN_PART, elsewhere: EMPTY, bare: EMPTY, blank: DOUBTED },
  doubted: { unreadable: BEHIND, there: DOUBTED, stirs: TO_LIST, pages: FILLED, 'in part': IN_PART, elsewhere: EMPTY, bare: DOUBTED, blank: DOUBTED },
  behind: { unreadable: BEHIND, there: TO_LIST, stirs: TO_LIST, pages: FILLED, 'in part': IN_PART, elsewhere: EMPTY, bare: DOUBTED, blank: DOUBTED },
}
