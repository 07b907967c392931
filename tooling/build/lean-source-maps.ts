import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rolldown } from 'tsdown'

interface SourceMap {
  readonly sources: readonly string[]
  readonly sourcesContent: readonly (string | null)[]
  readonly mappings: string
}

/**
 * Leaves the sources of others out of the source maps, which would weigh more than what is built. A file that holds
 * nothing of ours keeps the list of its sources alone.
 */
export function leanSourceMaps(): Rolldown.Plugin {
  return {
    name: 'lean-source-maps',
    writeBundle({ dir = '' }, bundle) {
      for (const fileName of Object.keys(bundle).filter((name) => name.endsWith('.map'))) {
        const file = join(dir, fileName)
        writeFileSync(file, JSON.stringify(lean(JSON.parse(readFileSync(file, 'utf8')) as SourceMap)))
      }
    },
  }
}

function lean(map: SourceMap): SourceMap {
  const others = map.sources.map((source) => source.includes('node_modules/') || source.startsWith('\0'))
  const sourcesContent = map.sourcesContent.map((content, at) => (others[at] === true ? null : content))
  // Not a word of ours, such as the file that only passes on what was taken in.
  const ours = sourcesContent.some((content) => content !== null && /\b(?:function|class|const|return)\b/.test(content))
  return { ...map, sourcesContent, mappings: ours ? map.mappings : '' }
}
