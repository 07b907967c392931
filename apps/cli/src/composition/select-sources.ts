import { SOURCE_TYPE_ALIASES } from '@qdrant-loader/core/config'
import type { Settings } from '@qdrant-loader/core/config'
import { cliError } from '../codes.ts'
import { nearest } from '../command-line/nearest.ts'
import { usageError } from '../command-line/usage-error.ts'

/** The flags that select sources. */
export interface Selection {
  readonly project?: string | undefined
  readonly 'source-type'?: string | undefined
  readonly source?: string | undefined
}

type Source = Settings['sources'][number]

/**
 * The configured sources that the flags select; all without flags.
 *
 * @throws LoaderError `usage` when a flag fits no source, so that a misspelt name does not pass for "nothing to do".
 */
export function selectSources(settings: Settings, selection: Selection): readonly Source[] {
  const wanted = normalise(selection)
  const parts = [
    ['project', wanted.project, (source: Source) => source.project],
    ['source-type', wanted.sourceType, (source: Source) => source.sourceType],
    ['source', wanted.source, (source: Source) => source.source],
  ] as const
  for (const [flag, value, of] of parts) {
    const present = [...new Set(settings.sources.map(of))]
    if (value === undefined || present.includes(value)) continue
    const candidate = nearest(value, present)
    throw usageError(
      `No configured source has --${flag} ${value}.`,
      candidate === undefined ? `There are: ${present.join(', ') || 'no sources at all'}.` : `Did you mean ${candidate}?`,
    )
  }
  const selected = settings.sources.filter((source) => parts.every(([, value, of]) => value === undefined || of(source) === value))
  if (selected.length === 0 && settings.sources.length > 0) {
    throw usageError('No configured source fits all of these flags.', 'See the sources with: qdrant-loader config show')
  }
  return selected
}

/**
 * The sources that a sync or a plan is about.
 *
 * @throws LoaderError `usage` as {@link selectSources}; `no_sources` when the configuration has none at all.
 */
export function sourcesToSync(settings: Settings, selection: Selection): readonly Source[] {
  const selected = selectSources(settings, selection)
  if (selected.length > 0) return selected
  throw cliError('no_sources', { file: settings.file })
}

/** The flags as the state and the store filter by them; an alias of a type stands for its proper name. */
export function normalise(selection: Selection): { project?: string; sourceType?: string; source?: string } {
  const { project, 'source-type': type, source } = selection
  return {
    ...(project === undefined ? {} : { project }),
    ...(type === undefined ? {} : { sourceType: Object.hasOwn(SOURCE_TYPE_ALIASES, type) ? (SOURCE_TYPE_ALIASES[type] ?? type) : type }),
    ...(source === undefined ? {} : { source }),
  }
}
