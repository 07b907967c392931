import type { SearchHit } from '@qdrant-loader/core/store'
import type { Paint } from '../output/paint.ts'
import { printable } from '../output/printable.ts'
import { sourceLabel } from '../progress/source-label.ts'

const SNIPPET_LINES = 3

/** Search results for people: rank, title and place, then the beginning of the text. */
export function renderHits(
  hits: readonly SearchHit[],
  columns: number,
  paint: Paint,
  isConfigured: (hit: SearchHit) => boolean = () => true,
): string {
  if (hits.length === 0) return 'Nothing was found.\n'
  const blocks = hits.map((hit, index) => {
    const { payload, score } = hit
    const ref = { project: payload.project_id, sourceType: payload.source_type, source: payload.source }
    const headings = payload.heading_path.filter((heading) => heading !== payload.title)
    return [
      `${index + 1}. ${paint.strong(printable([payload.title, ...headings].join(' > ')))}`,
      paint.faint(`   ${printable(payload.url)}  ${sourceLabel(ref)}${isConfigured(hit) ? '' : ' (not configured)'}  ${score.toFixed(3)}`),
      ...snippet(payload.content, Math.max(20, columns - 3)).map((line) => `   ${line}`),
    ].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

/** What is indexed may hold escape sequences; none of them may reach the terminal. Tabs and the like become spaces. */
function snippet(content: string, width: number): string[] {
  const lines = content
    .split('\n')
    .map((line) => printable(line.replace(/[\t\f\v\r]/g, ' ').trimEnd()))
    .filter((line) => line !== '')
  const shown = lines.slice(0, SNIPPET_LINES).map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
  return lines.length > SNIPPET_LINES ? [...shown, '…'] : shown
}
