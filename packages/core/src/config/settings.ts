import type { ConnectorPlugin } from '@qdrant-loader/connector-sdk'
import type { ChangeDetectionConfig } from './change-detection-config.ts'
import { pathKey } from './config-error.ts'
import type { ConfigPath } from './config-error.ts'
import type { Origin } from './config-draft.ts'
import type { GlobalConfig } from './global-config.ts'

/** One configured source. */
export interface SourceSettings {
  readonly project: string
  /** The type by its proper name: an alias in the file has been replaced. */
  readonly sourceType: string
  /** The configured name. */
  readonly source: string
  /** npm package of the connector where the file names one. */
  readonly package: string | undefined
  /** The connector's own keys as its schema gave them; as written when the connector was not resolved. */
  readonly config: unknown
  /** The connector's own keys as written, with references to variables replaced. Holds secrets: print it through `showSettings`. */
  readonly input: Readonly<Record<string, unknown>>
  /** `global.change_detection` with what the source overrides. */
  readonly changeDetection: ChangeDetectionConfig
  /** Undefined when the settings were loaded without `resolveConnector`. */
  readonly connector: ConnectorPlugin | undefined
  /** Where it stands in the file: `['sources', 'publicdocs', 'manual']`. */
  readonly path: ConfigPath
}

/** One project with its sources, in the file's order. */
export interface ProjectSettings {
  readonly id: string
  readonly displayName: string
  readonly description: string | undefined
  readonly sources: readonly SourceSettings[]
}

/** The effective configuration: flag over environment over file over default. */
export interface Settings {
  /** Absolute path of the configuration file. */
  readonly file: string
  /** Its folder: relative paths in the configuration are relative to it. */
  readonly directory: string
  /** Durations are milliseconds, paths as written. */
  readonly global: GlobalConfig
  readonly projects: readonly ProjectSettings[]
  /** The sources of all projects. */
  readonly sources: readonly SourceSettings[]
  /** Where each value came from, by `pathKey`; ask {@link originOf}. */
  readonly origins: ReadonlyMap<string, Origin>
}

/** Where the value at a path came from, for people: `line 3 of the file`, `QDRANT_URL`, `--workers`, `default`. */
export function originOf(settings: Settings, path: ConfigPath): string {
  const origin = settings.origins.get(pathKey(path))
  switch (origin?.from) {
    case 'flag':
      return `--${origin.flag}`
    case 'environment':
      return origin.variable
    case 'file':
      return `line ${origin.line} of the file`
    case undefined:
      return 'default'
  }
}
