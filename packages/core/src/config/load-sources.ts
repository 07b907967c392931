import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { ConnectorPlugin, LoaderError } from '@qdrant-loader/connector-sdk'
import type { ConfigDraft } from './config-draft.ts'
import type { ConfigPath, ConfigProblem } from './config-error.ts'
import { pathKey } from './config-error.ts'
import type { ConfigFile } from './config-file.ts'
import { connectorJsonSchema } from './json-schema.ts'
import { isSchema } from './schema-nodes.ts'
import type { Secret } from '../secrets/secret-forms.ts'
import { collectSecrets } from './secrets.ts'
import type { ProjectSettings, SourceSettings } from './settings.ts'
import { sourceTypeOf } from './source-type.ts'
import { validate } from './validate.ts'

/** What a connector is looked up by. */
export interface ConnectorRequest {
  readonly type: string
  /** The npm package where the source names one; undefined means `@qdrant-loader/connector-` and the type. */
  readonly package: string | undefined
  /** Folder of the configuration file. */
  readonly configDirectory: string
}

/** Finds a connector; throws a LoaderError when it is not installed. */
export type ResolveConnector = (request: ConnectorRequest) => Promise<ConnectorPlugin>

/** Keys of a source that the host reads; the connector's schema never sees them. */
const HOST_KEYS: readonly string[] = ['package', 'change_detection']

type LoadedSource = Pick<SourceSettings, 'project' | 'sourceType' | 'source' | 'package' | 'config' | 'input' | 'connector' | 'path'>

/** Finds the sources in a draft and has their connectors check them. */
export class LoadSources {
  readonly problems: ConfigProblem[] = []
  /** Connectors that could not be had, one for each type and package. */
  readonly unresolved: { readonly error: LoaderError; readonly problem: ConfigProblem }[] = []
  readonly secrets: Secret[] = []
  readonly #loaded: LoadedSource[] = []
  readonly #connectors = new Map<string, ConnectorPlugin | undefined>()
  readonly #draft: ConfigDraft
  readonly #directory: string
  readonly #resolve: ResolveConnector | undefined

  constructor(draft: ConfigDraft, directory: string, resolve: ResolveConnector | undefined) {
    this.#draft = draft
    this.#directory = directory
    this.#resolve = resolve
  }

  /** Works on what was written, not on what the host's schema made of it, so that problems of both are found at once. */
  async load(): Promise<this> {
    const seen = new Map<string, ConfigPath>()
    for (const { project, path: sources } of this.#sourceSections()) {
      for (const type of this.#keys(sources)) {
        const sourceType = sourceTypeOf(type)
        for (const source of this.#keys([...sources, type])) {
          const path = [...sources, type, source]
          const other = seen.get(pathKey([project, sourceType, source]))
          if (other !== undefined) {
            const message = `is the same source as ${other.join('.')}, since ${type} and ${other.at(-2)} are one type; rename one`
            this.problems.push(this.#draft.problem('config_duplicate_source', path, message, 'key'))
          }
          seen.set(pathKey([project, sourceType, source]), path)
          await this.#loadSource({ project, sourceType, source, path })
        }
      }
    }
    return this
  }

  /** Puts the sources into their projects. Only for a configuration without problems. */
  assemble(host: ConfigFile): ProjectSettings[] {
    const projects = { ...host.projects }
    if (Object.keys(host.sources).length > 0) projects['default'] = { sources: host.sources }
    return Object.entries(projects).map(([id, { display_name: name, description, sources }]) => ({
      id,
      displayName: name ?? id,
      description,
      sources: this.#loaded
        .filter(({ project }) => project === id)
        .map((loaded) => {
          const [type = '', source = ''] = loaded.path.slice(-2)
          const overrides = Object.entries(sources[type]?.[source]?.change_detection ?? {})
          const given = Object.fromEntries(overrides.filter(([, value]) => value !== undefined))
          return { ...loaded, changeDetection: { ...host.global.change_detection, ...given } }
        }),
    }))
  }

  #sourceSections(): readonly { project: string; path: ConfigPath }[] {
    const inProjects = this.#keys(['projects']).map((project) => ({ project, path: ['projects', project, 'sources'] }))
    return [...inProjects, { project: 'default', path: ['sources'] }]
  }

  #keys(path: ConfigPath): readonly string[] {
    const value = this.#draft.get(path)
    return isSchema(value) ? Object.keys(value) : []
  }

  async #loadSource(named: Pick<LoadedSource, 'project' | 'sourceType' | 'source' | 'path'>): Promise<void> {
    const written = this.#draft.get(named.path)
    if (!isSchema(written)) return
    const packageName = typeof written['package'] === 'string' ? written['package'] : undefined
    const connector = await this.#connectorOf(named.sourceType, packageName, named.path)
    const base = { ...named, package: packageName, connector }
    if (connector === undefined) {
      const input = ownKeys(written)
      this.secrets.push(...collectSecrets(input, undefined))
      this.#loaded.push({ ...base, config: input, input })
      return
    }
    const schema = connectorJsonSchema(connector)
    this.#draft.fit(schema, named.path)
    const input = ownKeys(written)
    this.secrets.push(...collectSecrets(input, schema))
    const config = await validate(connector.configSchema, schema, this.#draft, named.path, this.problems, input)
    this.#loaded.push({ ...base, config, input })
  }

  async #connectorOf(type: string, packageName: string | undefined, path: ConfigPath): Promise<ConnectorPlugin | undefined> {
    if (this.#resolve === undefined) return undefined
    const key = pathKey([type, packageName ?? ''])
    if (this.#connectors.has(key)) return this.#connectors.get(key)
    let connector: ConnectorPlugin | undefined
    try {
      connector = await this.#resolve({ type, package: packageName, configDirectory: this.#directory })
    } catch (error) {
      if (!isLoaderError(error)) throw error
      const problem = this.#draft.problem('config_connector_unavailable', path.slice(0, -1), error.message, 'key')
      this.unresolved.push({ error, problem: { ...problem, hint: error.hint } })
    }
    this.#connectors.set(key, connector)
    return connector
  }
}

function ownKeys(written: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(written).filter(([key]) => !HOST_KEYS.includes(key)))
}
