/** No page is followed to more places. */
export const MOST_LINKS = 5_000

/** Targets of inline links, and of reference definitions at the start of a line. */
const LINK = /\]\(<?([^\s()<>]{1,2000})|^ {0,3}\[[^\]\n]{1,200}\]:[ \t]{0,8}<?([^\s<>]{1,2000})/gm
const FENCE = /^ {0,3}(```|~~~)/
const HEADING = /^ {0,3}#[ \t]/

/** Where a Markdown page leads: absolute URLs in order. Pictures are among them; their endings tell. */
export function markdownLinks(text: string, base: URL): string[] {
  const links: string[] = []
  for (const [, inline, definition] of text.matchAll(LINK)) {
    const link = inline ?? definition
    if (link === undefined || !URL.canParse(link, base.href)) continue
    links.push(new URL(link, base).href)
    if (links.length >= MOST_LINKS) break
  }
  return links
}

/** The first heading of level 1, `# Title`, outside code. */
export function markdownTitle(text: string): string | undefined {
  let fence: string | undefined
  for (const line of text.split('\n')) {
    const mark = FENCE.exec(line)?.[1]
    if (mark !== undefined && (fence === undefined || fence === mark)) fence = fence === undefined ? mark : undefined
    if (fence !== undefined || !HEADING.test(line)) continue
    const words = line.trim().slice(1).trim().split(/[ \t]+/)
    if (words.length > 1 && /^#+$/.test(words.at(-1) ?? '')) words.pop()
    const title = words.join(' ')
    if (title !== '') return title
  }
  return undefined
}
