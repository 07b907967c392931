/** Shorter ones are hashes, keys and tokens that people do look for. */
const SHORTEST = 200
const DATA_URI = /data:[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,80}(?:;[a-z0-9=.+-]{1,60}){0,5};base64,/gi
/** Characters of base64, of its form for URLs, and of hexadecimal. */
const RUN = /[A-Za-z0-9+/_-]{200,}={0,2}/g
/** What stands for data that were taken out. */
const GONE = '…'
/** Lines of base64 as mail, PEM and notebooks break them. Fewer lines of it are left alone. */
const FEWEST_LINES = 4
const LINE = /^[ \t"'>*#]{0,20}[A-Za-z0-9+/]{60,80}={0,2}[\\n"', \t]{0,6}$/

/**
 * The text without pictures and other data written as base64 or hexadecimal: nobody asks about them, and each would
 * fill chunks. Takes time linear in the text.
 */
export function withoutData(text: string): string {
  if (text.length < SHORTEST || !(hasRun(text) || text.includes('base64,'))) return text
  const short = text.includes('base64,') ? withoutDataUris(text) : text
  return withoutDataLines(short.replace(RUN, (run) => (isData(run) ? GONE : run)))
}

/** The shortest run of characters of base64 that can be part of data: one line of it. */
const LINE_RUN = 60

/** Whether the text has such a run. It looks at about every tenth character, as nearly all texts have none. */
function hasRun(text: string): boolean {
  for (let end = LINE_RUN - 1; end < text.length; ) {
    let start = end
    while (start > end - LINE_RUN && isDataCode(text.charCodeAt(start))) start--
    if (end - start === LINE_RUN) return true
    // No run of that length holds what stands at `start`.
    end = start + LINE_RUN
  }
  return false
}

function isDataCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x2f && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x5f
}

function withoutDataUris(text: string): string {
  let kept = ''
  let at = 0
  for (const { 0: head, index } of text.matchAll(DATA_URI)) {
    if (index < at) continue
    const start = index + head.length
    const end = endOfRun(text, start)
    kept += text.slice(at, index) + GONE
    at = end
  }
  return kept + text.slice(at)
}

/** Data URIs may have their base64 broken into lines or escaped in part. */
function endOfRun(text: string, start: number): number {
  let end = start
  while (end < text.length && /[A-Za-z0-9+/=_%-]/.test(text.charAt(end))) end++
  return end
}

/** Words and paths of such a length have few digits, or few changes between upper and lower case. */
function isData(run: string): boolean {
  let digits = 0
  let slashes = 0
  let changes = 0
  let before = 0
  for (let at = 0; at < run.length; at++) {
    const code = run.charCodeAt(at)
    const kind = code >= 0x30 && code <= 0x39 ? 1 : code >= 0x41 && code <= 0x5a ? 2 : code >= 0x61 && code <= 0x7a ? 3 : 4
    if (kind === 1) digits++
    if (code === 0x2f || code === 0x2d || code === 0x5f) slashes++
    if (kind !== before) changes++
    before = kind
  }
  return digits > run.length / 20 && changes > run.length / 5 && slashes < run.length / 12
}

function withoutDataLines(text: string): string {
  const lines = text.split('\n')
  const kept: string[] = []
  for (let at = 0; at < lines.length; ) {
    let end = at
    while (end < lines.length && LINE.test(lines[end] as string)) end++
    const run = lines.slice(at, Math.max(end, at + 1))
    if (run.length >= FEWEST_LINES && isData(run.join('').replace(/[^A-Za-z0-9+/]/g, ''))) kept.push(GONE)
    else for (const line of run) kept.push(line)
    at += run.length
  }
  return kept.join('\n')
}
