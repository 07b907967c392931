import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ConfigError } from './config-error.ts'

/** The name that is looked for in the current folder and its parents. */
export const CONFIG_FILE_NAME = 'qdrant-loader.yaml'

/** Where to look for the configuration file. */
export interface FindConfigOptions {
  /** The value of `--config`. */
  readonly path?: string | undefined
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A configuration file. */
export interface FoundConfig {
  /** Absolute path. */
  readonly file: string
  /** False: it was met on the way up from the current folder. */
  readonly named: boolean
}

/**
 * Where the configuration file is, and whether the user named it: `--config`, else the variable `QDRANT_LOADER_CONFIG`, else
 * `qdrant-loader.yaml` in the current folder or the nearest parent that has one. The first two are not checked here.
 *
 * @throws ConfigError `config_not_found`
 */
export async function findConfig({ path, cwd, env }: FindConfigOptions): Promise<FoundConfig> {
  if (path !== undefined) return { file: resolve(cwd, path), named: true }
  const named = env['QDRANT_LOADER_CONFIG']
  if (named !== undefined && named !== '') return { file: resolve(cwd, named), named: true }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const candidate = join(folder, CONFIG_FILE_NAME)
    if (await exists(candidate)) return { file: candidate, named: false }
    if (dirname(folder) === folder) break
  }
  throw new ConfigError([
    { code: 'config_not_found', where: resolve(cwd), message: `there is no ${CONFIG_FILE_NAME} here or in a parent folder` },
  ])
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    // A folder that cannot be looked into (EACCES) is passed over like one without the file: a parent may have it.
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}
