import { EXCERPT_MACROS, excerptName, isMacro, readMacro } from './macro.ts'
import { readXml } from './read-xml.ts'
import { descendants } from './xml-query.ts'

/**
 * Storage format of what stands in an excerpt macro of a page: the one with this name, else (without a name) the
 * first. Hidden ones too: they are hidden on their own page only. `undefined` when the page has none. Never throws.
 */
export function excerptOf(storage: string, name?: string): string | undefined {
  for (const element of descendants(readXml(storage))) {
    if (!isMacro(element)) continue
    const macro = readMacro(element)
    if (!EXCERPT_MACROS.includes(macro.name)) continue
    if (name !== undefined && excerptName(macro) !== name) continue
    if (macro.richBody !== undefined) return storage.slice(macro.richBody.innerStart, macro.richBody.innerEnd)
  }
  return undefined
}
