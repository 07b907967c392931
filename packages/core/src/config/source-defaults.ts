import type { ConfigDraft } from './config-draft.ts'
import type { ConfigPath, ConfigProblem } from './config-error.ts'
import { nearestOf } from './describe-issue.ts'
import { isSchema } from './schema-nodes.ts'
import { sourceTypeOf } from './source-type.ts'

/**
 * Lays `defaults.<type>` under each source of that type, in every project: a key that the source has wins, whatever it
 * holds; sections are merged key by key; lists are replaced as a whole. Returns what is wrong with the section itself.
 */
export function applyDefaults(draft: ConfigDraft): readonly ConfigProblem[] {
  const sources = sourcesByType(draft)
  const problems: ConfigProblem[] = []
  const seen = new Map<string, string>()
  for (const written of keysOf(draft, ['defaults'])) {
    const type = sourceTypeOf(written)
    const path = ['defaults', written]
    const other = seen.get(type)
    if (other !== undefined) problems.push(draft.problem('config_invalid_value', path, `is the same type as ${other}; put its keys there`, 'key'))
    seen.set(type, written)
    const found = sources.get(type)
    if (found === undefined) {
      const nearest = nearestOf(written, [...sources.keys()])
      const message = `there is no source of this type${nearest === undefined ? '' : `; did you mean ${nearest}?`}`
      problems.push(draft.problem('config_unknown_key', path, message, 'key'))
    }
    for (const source of found ?? []) layUnder(draft, path, source)
  }
  return problems
}

function sourcesByType(draft: ConfigDraft): ReadonlyMap<string, readonly ConfigPath[]> {
  const found = new Map<string, ConfigPath[]>()
  const holders: ConfigPath[] = [[], ...keysOf(draft, ['projects']).map((project) => ['projects', project])]
  for (const holder of holders) {
    for (const written of keysOf(draft, [...holder, 'sources'])) {
      const path = [...holder, 'sources', written]
      const type = sourceTypeOf(written)
      found.set(type, [...(found.get(type) ?? []), ...keysOf(draft, path).map((source) => [...path, source])])
    }
  }
  return found
}

function layUnder(draft: ConfigDraft, from: ConfigPath, to: ConfigPath): void {
  if (draft.get(to) === null) draft.inherit(from, to)
  for (const key of keysOf(draft, from)) {
    const [inner, target] = [[...from, key], [...to, key]]
    const own = draft.get(target)
    if (own === undefined) draft.inherit(inner, target)
    else if (isSchema(own) && isSchema(draft.get(inner))) layUnder(draft, inner, target)
  }
}

function keysOf(draft: ConfigDraft, path: ConfigPath): readonly string[] {
  const value = draft.get(path)
  return isSchema(value) ? Object.keys(value) : []
}
