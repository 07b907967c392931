import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Settings } from '@qdrant-loader/core/config'
import type { Host } from '../command-context.ts'
import { statePlace } from './state-location.ts'

/** `handbook-1a2b3c4d5e6f.db`: a folder's name and a hash of where it was. */
const DEFAULT_NAME = /^(.+)-[0-9a-f]{12}\.db$/

/**
 * What to say before a state is made in its default place, which is found by the path of the configuration: after a
 * move of the configuration everything would be done anew in silence. Undefined when there is a state, or when its
 * place was named.
 */
export function newStateNotice(settings: Settings, host: Host): string | undefined {
  const { path: file, origin } = statePlace(settings, host)
  if (existsSync(file) || (origin !== 'user' && origin !== 'beside-configuration')) return undefined
  const first = `New state: nothing was synced from ${settings.file} before.\n`
  const others = origin === 'user' ? statesIn(path.dirname(file)) : []
  const name = DEFAULT_NAME.exec(path.basename(file))?.[1]
  const sameName = others.filter((other) => DEFAULT_NAME.exec(other)?.[1] === name)
  const [likely, ...more] = sameName.length > 0 ? sameName : others
  if (likely === undefined) return first
  const old = more.length === 0 ? path.join(path.dirname(file), likely) : `its file in ${path.dirname(file)} (${[likely, ...more].slice(0, 5).join(', ')})`
  return `${first}If you moved the configuration here, bring its old state: set global.state_management.database_path to ${old}\n`
}

function statesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => DEFAULT_NAME.test(name)).toSorted()
  } catch (error) {
    // There is no such folder yet, or it cannot be looked into: then there is nothing to name.
    if (error instanceof Error && 'code' in error) return []
    throw error
  }
}
