import { z } from 'zod'
import { SourceChangeDetectionConfig } from './change-detection-config.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
const TYPE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const PACKAGE = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/

/** The id of a project or the name of a source: a letter or digit, then up to 99 letters, digits, dots, dashes and underscores. */
export const ConfigName = z.string().regex(NAME, {
  error: 'must begin with a letter or digit and hold at most 100 letters, digits, dots, dashes and underscores',
})

/** A type of source: lower-case words with dashes, such as `git` or `public-docs`. */
export const SourceType = z.string().max(100).regex(TYPE, {
  error: 'must be lower-case letters and digits, with single dashes between words, such as public-docs',
})

/** One source: the keys that the host reads. All others belong to the connector, whose schema checks them. */
export const SourceConfig = z.looseObject({
  package: z
    .string()
    .max(214)
    .regex(PACKAGE, { error: 'must be the name of an npm package' })
    .describe('npm package of the connector. Default: `@qdrant-loader/connector-` and the type.')
    .optional(),
  change_detection: SourceChangeDetectionConfig.describe('Overrides `global.change_detection` for this source.').optional(),
})
export type SourceConfig = z.output<typeof SourceConfig>

/** Sources by type, then by name. */
export const SourcesConfig = z.record(SourceType, z.record(ConfigName, SourceConfig))
export type SourcesConfig = z.output<typeof SourcesConfig>

/** `defaults.<type>`: any key of a source of that type. Looked at where a source has it. */
export const DefaultsConfig = z.record(SourceType, z.record(z.string(), z.unknown()))
export type DefaultsConfig = z.output<typeof DefaultsConfig>

/** `projects.<id>`: a namespace for sources. */
export const ProjectConfig = z.strictObject({
  display_name: z.string().min(1).max(200).describe('Name for people. Default: the id.').optional(),
  description: z.string().max(2_000).describe('What the project is about.').optional(),
  sources: SourcesConfig.describe('Sources by type, then by name.').prefault({}),
})
export type ProjectConfig = z.output<typeof ProjectConfig>
