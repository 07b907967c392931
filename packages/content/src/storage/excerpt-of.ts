import { EXCERPT_MACROS, excerptName, isMacro, readMacro } from './macro.ts'
import { readStorage, type StorageBody, type StorageSource } from './storage-body.ts'
import { descendants } from './xml-query.ts'

/**
 * What stands in an excerpt macro of a page: the one with this name, else (without a name) the
 * first. Hidden ones too: they are hidden on their own page only. `undefined` when the page has none. Never throws.
 */
export function excerptOf(storage: StorageSource, name?: string): StorageBody | undefined {
  for (const element of descendants(readStorage(storage).root)) {
    if (!isMacro(element)) continue
    const macro = readMacro(element)
    if (!EXCERPT_MACROS.includes(macro.name)) continue
    if (name !== undefined && excerptName(macro) !== name) continue
    if (macro.richBody !== undefined) return { root: macro.richBody }
  }
  return undefined
}
