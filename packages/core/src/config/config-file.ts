import { z } from 'zod'
import { GlobalConfig } from './global-config.ts'
import { ConfigName, DefaultsConfig, ProjectConfig, SourcesConfig } from './project-config.ts'

/** The whole configuration file. */
export const ConfigFile = z
  .strictObject({
    global: GlobalConfig.describe('Everything that is not about one source.').prefault({}),
    defaults: DefaultsConfig.describe('Keys for all sources of a type, in every project. What a source says itself wins.').prefault({}),
    projects: z.record(ConfigName, ProjectConfig).describe('Projects by id.').prefault({}),
    sources: SourcesConfig.describe('Sources of the project `default`, by type, then by name.').prefault({}),
  })
  .superRefine((config, context) => {
    if (!Object.hasOwn(config.projects, 'default') || Object.keys(config.sources).length === 0) return
    const message = 'cannot be used together with projects.default, which is the same project; move its sources there'
    context.addIssue({ code: 'custom', path: ['sources'], message })
  })
export type ConfigFile = z.output<typeof ConfigFile>
