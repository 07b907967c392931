/**
 * A line of Markdown as plain text: links and images by their words, code and emphasis without their marks, without
 * tags. Each step looks at each character a bounded number of times: headings come from others, and may be endless.
 */
export function plainMarkup(markup: string): string {
  return withoutTags(withoutEmphasis(withoutCodeMarks(withoutTargets(markup))).replace(/\\([!-/:-@[-`{-~])/g, '$1'))
    .replace(/\s+/g, ' ')
    .trim()
}

/** `[words](target)` and `![words](target)` are their words. */
function withoutTargets(text: string): string {
  let plain = ''
  let at = 0
  for (let open = text.indexOf('['); open !== -1; open = text.indexOf('[', at)) {
    const close = text.indexOf(']', open)
    if (close === -1) break
    // No bracket before the closing one can begin a link either.
    const end = text[close + 1] === '(' ? text.indexOf(')', close) : -1
    if (text[close + 1] === '(' && end === -1) break
    const from = open > at && text[open - 1] === '!' ? open - 1 : open
    plain += end === -1 ? text.slice(at, close + 1) : text.slice(at, from) + text.slice(open + 1, close)
    at = end === -1 ? close + 1 : end + 1
  }
  return plain + text.slice(at)
}

/** Code is what stands between two runs of as many backticks. */
function withoutCodeMarks(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(({ 0: run, index }) => ({ length: run.length, start: index, end: index + run.length }))
  // Of each length, the next run behind the one that is looked at.
  const next = new Map<number, number>()
  const closing = runs.map(() => -1)
  for (const [index, { length }] of [...runs.entries()].reverse()) {
    closing[index] = next.get(length) ?? -1
    next.set(length, index)
  }
  let plain = ''
  let at = 0
  for (let index = 0; index < runs.length; index += 1) {
    const [open, close] = [runs[index], runs[closing[index] ?? -1]]
    if (open === undefined || close === undefined) continue
    plain += text.slice(at, open.start) + text.slice(open.end, close.start)
    at = close.end
    index = closing[index] ?? index
  }
  return plain + text.slice(at)
}

const MARKS = ['***', '**', '*', '___', '__'] as const

/** Words between two marks, of which the first stands before a word. One underscore is a part of names. */
function withoutEmphasis(text: string): string {
  const unclosed = new Set<string>()
  let plain = ''
  let at = 0
  while (at < text.length) {
    const mark = MARKS.find((one) => text.startsWith(one, at) && !unclosed.has(one) && /\S/.test(text.charAt(at + one.length)))
    const close = mark === undefined ? -1 : text.indexOf(mark, at + mark.length + 1)
    if (mark !== undefined && close === -1) {
      unclosed.add(mark)
    } else if (mark !== undefined) {
      plain += text.slice(at + mark.length, close)
      at = close + mark.length
    } else {
      plain += text.charAt(at)
      at += 1
    }
  }
  return plain
}

function withoutTags(text: string): string {
  let plain = ''
  let at = 0
  for (let open = text.indexOf('<'); open !== -1; open = text.indexOf('<', open + 1)) {
    if (open < at || !/^<\/?[a-z]/i.test(text.slice(open, open + 3))) continue
    const close = text.indexOf('>', open)
    if (close === -1) break
    plain += text.slice(at, open)
    at = close + 1
  }
  return plain + text.slice(at)
}
