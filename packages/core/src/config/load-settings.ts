import { dirname, join, relative } from 'node:path'
import { ConfigDraft } from './config-draft.ts'
import { ConfigError, throwProblems } from './config-error.ts'
import type { ConfigProblem } from './config-error.ts'
import { ConfigFile } from './config-file.ts'
import { parseEnvironmentFile } from './environment-file.ts'
import type { SettingFlags } from './environment.ts'
import { dropExtensionKeys } from './extension-keys.ts'
import { findConfig } from './find-config.ts'
import { hostJsonSchema } from './json-schema.ts'
import { LoadSources } from './load-sources.ts'
import type { ResolveConnector } from './load-sources.ts'
import { readTextFile } from './read-text-file.ts'
import { SecretVault } from '../secrets/secret-vault.ts'
import { collectSecrets } from './secrets.ts'
import type { Settings } from './settings.ts'
import { applyDefaults } from './source-defaults.ts'
import { substitute } from './substitution.ts'
import { strangerOf, trustHint } from './trusted-owners.ts'
import type { TrustedOwners } from './trusted-owners.ts'
import { validate } from './validate.ts'
import { readYamlTree } from './yaml-tree.ts'

export interface LoadSettingsOptions {
  /** The value of `--config`, relative to `cwd`. */
  readonly path?: string | undefined
  readonly cwd: string
  /** The environment. It is read only: what `.env` says never enters it. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly flags?: SettingFlags
  /**
   * Finds a connector; throws a LoaderError when it is not installed. Without it the connectors' own keys are taken
   * as they are.
   */
  readonly resolveConnector?: ResolveConnector
  /**
   * Who may own a configuration that nobody named, and the `.env` beside it. Without them, everybody.
   */
  readonly owners?: TrustedOwners | undefined
  readonly signal?: AbortSignal
}

type Lookup = (name: string) => string | undefined

/**
 * Finds, reads and validates the configuration, and lays the environment and the flags over it. Variables come from
 * `env`, else from `.env` beside the file.
 *
 * @throws ConfigError with every problem that was found, each with its place.
 * @throws LoaderError of `resolveConnector`, as it is, when one missing connector is the only problem.
 */
export async function loadSettings(options: LoadSettingsOptions): Promise<Settings> {
  const { cwd, env, signal } = options
  const { file, named } = await findConfig({ path: options.path, cwd, env })
  const directory = dirname(file)
  const shown = shownPath(file, cwd)
  if (!named && options.owners !== undefined) await checkOwners([file, join(directory, '.env')], options.owners)
  const text = await readTextFile(file, shown, signal)
  if (text === undefined) throw notFound(shown)
  const dotEnv = await readDotEnv(join(directory, '.env'), cwd, signal)
  const problems: ConfigProblem[] = [...dotEnv.problems]
  const lookup: Lookup = (name) => env[name] ?? dotEnv.values.get(name)

  const schema = hostJsonSchema()
  const draft = readDraft(text, shown, lookup, problems)
  dropExtensionKeys(draft)
  draft.fit(schema)
  problems.push(...draft.adoptOlderNames())
  draft.overlay(lookup, options.flags ?? {})
  problems.push(...applyDefaults(draft))
  const host = await validate(ConfigFile, schema, draft, [], problems)
  const sources = await new LoadSources(draft, directory, options.resolveConnector).load()
  problems.push(...sources.problems)
  if (problems.length === 0 && sources.unresolved[0] !== undefined && sources.unresolved.length === 1) {
    throw sources.unresolved[0].error
  }
  problems.push(...sources.unresolved.map(({ problem }) => problem))
  const vault = new SecretVault([
    ...collectSecrets(draft.value, schema),
    ...collectSecrets(draft.get(['defaults']), undefined),
    ...sources.secrets,
  ])
  throwProblems(onceEach(problems).map((problem) => ({ ...problem, message: vault.redact(problem.message) })))
  if (host === undefined) throw new TypeError('the configuration was refused without a problem')
  const projects = sources.assemble(host)
  return {
    file,
    directory,
    global: host.global,
    projects,
    sources: projects.flatMap((project) => project.sources),
    origins: draft.origins,
  }
}

// What is wrong with a default is found in each source that has it.
function onceEach(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify([problem.where, problem.code, problem.message]), problem])).values()]
}

// YAML that cannot be read leaves nothing to look at further, so its problems are thrown at once.
function readDraft(text: string, shown: string, lookup: Lookup, problems: ConfigProblem[]): ConfigDraft {
  const tree = readYamlTree(text, shown, (scalar) => substitute(scalar, lookup))
  const fatal = tree.problems.filter(({ code }) => code === 'config_yaml_invalid' || code === 'config_too_large')
  if (fatal.length > 0) throwProblems([...problems, ...fatal])
  problems.push(...tree.problems)
  if (typeof tree.value === 'object' && tree.value !== null && !Array.isArray(tree.value)) {
    return new ConfigDraft(tree, tree.value as Record<string, unknown>, shown)
  }
  const isEmpty = tree.value === undefined || tree.value === null
  throw new ConfigError([
    {
      code: isEmpty ? 'config_empty' : 'config_invalid_value',
      where: `${shown}:1:1`,
      message: isEmpty ? 'the file holds no configuration' : 'the file must hold a map with the keys global, projects and sources',
      hint: 'Begin with what `qdrant-loader init` writes.',
    },
  ])
}

async function readDotEnv(path: string, cwd: string, signal: AbortSignal | undefined) {
  const shown = shownPath(path, cwd)
  return parseEnvironmentFile((await readTextFile(path, shown, signal)) ?? '', shown)
}

/** A configuration says which code is loaded, and where tokens of the environment are sent. */
async function checkOwners(files: readonly string[], owners: TrustedOwners): Promise<void> {
  for (const file of files) {
    const stranger = await strangerOf(file, owners)
    if (stranger === undefined) continue
    const message = `this file belongs to another user (id ${stranger}), and nobody named it`
    const hint = `${trustHint(dirname(file))}, or name the configuration with \`--config\`.`
    throw new ConfigError([{ code: 'config_foreign_owner', where: file, message, hint }])
  }
}

function notFound(where: string): ConfigError {
  return new ConfigError([{ code: 'config_not_found', where, message: 'this file does not exist' }])
}

function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short === '' || short.startsWith('..') ? path : short
}
