import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'
import { STOPPED_AT_ONCE } from './stopping.ts'

/** What the command says itself; everything else comes from the room where it went wrong. */
export const CLI_CODES = {
  // The command line.
  usage: {
    kind: 'config',
    message: '{problem}',
    hint: '{advice}',
    about: {
      message: 'The command line cannot be understood, or names a source that is not there.',
      hint: 'Use what is suggested, or see `qdrant-loader --help` and `qdrant-loader COMMAND --help`.',
    },
  },
  init_exists: {
    kind: 'config',
    message: 'This folder has {files} already.',
    hint: 'Edit what is there, or overwrite it with: qdrant-loader init --force',
  },
  no_sources: {
    kind: 'config',
    message: '{file} names no source, so there is nothing to sync.',
    hint: 'Add one under the key sources, such as sources: { git: { docs: { base_url: https://example.com/docs.git } } }.',
  },
  interrupted: {
    kind: 'transient',
    message: 'Stopped by {signal}.',
    hint: 'Run it again: it goes on from there.',
  },
  'interrupted/at_once': STOPPED_AT_ONCE,

  // Connectors.
  connector_missing: {
    kind: 'config',
    message: "The connector for sources of type '{type}' is not installed: no package {name} from {folders}.",
    hint: 'Install it in {folder}: {command}',
  },
  connector_broken: {
    kind: 'config',
    message: 'The connector {name} could not be loaded ({place}): {reason}',
    hint: 'Install it again, or report it to its authors.',
  },
  connector_foreign_owner: {
    kind: 'config',
    message: 'The connector {name} was not loaded: {place} belongs to another user (id {owner}), whose code would run as you.',
    hint: '{trust}, or install the connector yourself.',
    about: { hint: 'If you trust it, name its folder in `QDRANT_LOADER_SAFE_DIRECTORIES`, or install the connector yourself.' },
  },
  connector_invalid: {
    kind: 'config',
    message: "{name} is not a connector: it has no default export, and none named 'connector', made by defineConnector.",
    hint: "Check the name under 'package'.",
  },
  'connector_invalid/incomplete': {
    kind: 'config',
    message: '{name} is not a complete connector: it lacks {parts}.',
    hint: 'Install another version of it, or report it to its authors.',
  },
  'connector_invalid/other_type': {
    kind: 'config',
    message: "{name} is a connector for sources of type '{found}', and stands under '{type}'.",
    hint: "Move the source under '{found}:', or name another package.",
  },
  connector_incompatible: {
    kind: 'config',
    message: '{name} speaks version {version} of the connector interface, and this program version {wanted}.',
    hint: 'Install versions of the connector and of @qdrant-loader/cli that fit each other.',
  },
  connector_name_invalid: {
    kind: 'config',
    message: "'{name}' is not a package name.",
    hint: "Name an npm package (@scope/name) under 'package'. A folder of your own is installed first: npm install ./my-connector",
  },
  'connector_name_invalid/type': {
    kind: 'config',
    message: "'{type}' is not a source type.",
    hint: 'Use lower-case letters, digits and dashes, such as git or public-docs.',
  },

  // The embedder and the collection.
  embedder_missing: {
    kind: 'config',
    message: 'The local embedder is not installed: no package {name} from {folders}.',
    hint: 'Install it in {folder}: {command}. Or choose another one under global.embedding.',
  },
  embedder_broken: {
    kind: 'config',
    message: 'The embedder {name} could not be loaded ({place}): {reason}',
    hint: 'Install it again, in a version that fits @qdrant-loader/cli.',
  },
  embedder_foreign_owner: {
    kind: 'config',
    message: 'The embedder {name} was not loaded: {place} belongs to another user (id {owner}), whose code would run as you.',
    hint: '{trust}, or install the embedder yourself.',
    about: { hint: 'If you trust it, name its folder in `QDRANT_LOADER_SAFE_DIRECTORIES`, or install the embedder yourself.' },
  },
  embedder_option_unfit: {
    kind: 'config',
    message: 'global.embedding.{key} is {value}, and the {provider} embedder has only {has}.',
    hint: 'Leave {key} out, or choose provider: openai.',
  },
  embedding_mismatch: {
    kind: 'config',
    message: 'The vectors in {location} were made by {made}, and the configuration names {configured}.',
    hint: 'Set global.embedding to the model that made them, or name another collection.',
  },
  'embedding_mismatch/search': {
    kind: 'config',
    message: 'The vectors in {location} were made by {made}, and the configuration names {configured}.',
    hint: 'Set global.embedding to the model that made them, or search by words with --mode keyword where the store can.',
  },
  collection_missing: {
    kind: 'config',
    message: 'There is nothing to search: {location} does not exist yet.',
    hint: 'Run qdrant-loader sync first, or check global.qdrant or global.embedded in the configuration.',
  },

  // The machine.
  log_file_unusable: {
    kind: 'config',
    message: 'The log file {file} cannot be written: {reason}',
    hint: 'Set global.logging.file to a path that can be written, or leave it out.',
  },
  disk_full: {
    kind: 'config',
    message: 'The disk is full: {said}',
    hint: 'Free some space on that disk and run again; what was committed is kept.',
  },
  'disk_full/quota': {
    kind: 'config',
    message: 'Your quota of the disk is used up: {said}',
    hint: 'Free some of your disk quota and run again; what was committed is kept.',
  },
  'disk_full/file_size': {
    kind: 'config',
    message: 'A file would be larger than this process may write: {said}',
    hint: 'Raise the limit on file sizes (ulimit -f) and run again; what was committed is kept.',
  },
  not_permitted: {
    kind: 'config',
    message: 'This user may not do that: {said}',
    hint: 'Give this user access to that path, or configure another one.',
  },
  not_writable: {
    kind: 'config',
    message: 'That file system is read-only: {said}',
    hint: 'Configure a path that can be written.',
  },
  too_many_files: {
    kind: 'config',
    message: 'Too many files are open: {said}',
    hint: 'Raise the limit on open files (ulimit -n), or lower --workers.',
  },
  // Said by `bin/qdrant-loader.js`, which an old Node can still read.
  node_too_old: {
    kind: 'config',
    message: 'qdrant-loader needs Node.js {required} or newer, and this is {found} ({path}).',
    hint: 'Run it with a newer one: npx -y -p node@24 -p @qdrant-loader/cli qdrant-loader … , or install Node.js 24 from https://nodejs.org.',
  },
  internal: {
    kind: 'internal',
    message: 'This is a defect of qdrant-loader: {said}',
    hint: 'Run it again with --log-level debug and report what it prints at {where}.',
    about: { hint: 'Run it again with `--log-level debug` and report what it prints at the address that is named.' },
  },
} as const satisfies ErrorTable

export const cliError = errorsOf(CLI_CODES)
