import { errorsOf } from '@qdrant-loader/connector-sdk'
import type { ErrorTable } from '@qdrant-loader/connector-sdk'

const REPORT = 'Report this error together with the log of a run with `--log-level debug`.'
const OTHER_COLLECTION = 'set `qdrant.collection_name` to a new name: the next sync fills it.'
const OTHER_FILE = 'set `embedded.path` to a new file: the next sync fills it.'

/** What goes wrong with Qdrant and with the embedded store. */
export const STORE_CODES = {
  // What answers in place of Qdrant.
  store_url_invalid: {
    kind: 'config',
    message: 'The configured Qdrant URL is not an http:// or https:// URL.',
    hint: 'Write `qdrant.url` like `http://localhost:6333` or `https://host/prefix`.',
  },
  'store_url_invalid/credentials': {
    kind: 'config',
    message: 'The configured Qdrant URL contains a user name or a password.',
    hint: 'Take it out of `qdrant.url`; an API key belongs in `qdrant.api_key`.',
  },
  'store_url_invalid/query': {
    kind: 'config',
    message: 'The configured Qdrant URL has a query or a fragment.',
    hint: 'Leave out everything in `qdrant.url` from `?` or `#` on.',
  },
  store_url_wrong: {
    kind: 'config',
    message: 'Qdrant at {location} answered {status} while {doing}[: {said}].',
    hint: 'Correct `qdrant.url`: scheme, host, port (6333 for REST) and the path prefix, without redirects.',
  },
  store_unreachable: {
    kind: 'transient',
    message: 'Qdrant at {location} could not be reached while {doing}[: {said}].',
    hint: 'Check that the server runs and that `qdrant.url` names its REST port (6333), then run the command again.',
  },
  'store_unreachable/status': {
    kind: 'transient',
    message: 'Qdrant at {location} answered {status} while {doing}[: {said}].',
    hint: 'Check that the server runs and that `qdrant.url` names its REST port (6333), then run the command again.',
  },
  store_unauthorized: {
    kind: 'auth',
    message: 'Qdrant at {location} answered {status} while {doing}[: {said}].',
    hint: 'Set `qdrant.api_key` to a key that may read and write this collection.',
  },
  store_server_too_old: {
    kind: 'config',
    message: 'Qdrant at {location} has version {version}; 1.15 or newer is needed.',
    hint: 'Upgrade the Qdrant server.',
  },
  store_answer_unexpected: {
    kind: 'config',
    message: 'What answers at {location} does not answer like Qdrant (while {doing}).',
    hint: 'Check that `qdrant.url` names the REST port (6333) of a Qdrant server of version 1.15 or newer.',
  },
  'store_answer_unexpected/circle': {
    kind: 'config',
    message: 'Qdrant at {location} lists points in circles: a page begins where one before it did, or page after page is empty.',
    hint: 'Check that `qdrant.url` names a Qdrant server, and what a proxy before it does with its answers.',
  },
  'store_answer_unexpected/vector': {
    kind: 'config',
    message: 'The point {point} has no default vector of numbers.',
    hint: 'Configure a collection of its own: this one holds points of another program.',
  },
  store_answer_too_large: {
    kind: 'config',
    message: 'Qdrant at {location} did not answer like Qdrant while {doing}[: {said}].',
    hint: 'Check that `qdrant.url` names a Qdrant server, and what a proxy before it does. A point that is really that large belongs to another program.',
  },

  // What Qdrant refuses.
  store_not_applied: {
    kind: 'transient',
    message: 'Qdrant at {location} did not apply a change in time while {doing}[: {said}].',
    hint: 'The server is overloaded or still optimising. Run the command again later, or raise `qdrant.timeout`.',
  },
  store_quota_exceeded: {
    kind: 'config',
    message: 'Qdrant at {location} answered {status} while {doing}[: {said}].',
    hint: 'Free space on the server or raise its storage quota, then run the command again. Nothing is lost.',
  },
  store_request_too_large: {
    kind: 'config',
    message: 'Qdrant at {location} answered {status} while {doing}[: {said}].',
    hint: 'Raise `service.max_request_size_mb` of the server (or the limit of the proxy before it).',
  },
  store_request_refused: {
    kind: 'config',
    message: 'Qdrant at {location} answered {status} while {doing}[: {said}].',
    hint: "Check the collection's vector size and its strict mode settings on the server.",
  },
  'store_request_refused/defect': {
    kind: 'internal',
    message: 'Qdrant at {location} answered {status} while {doing}[: {said}].',
    hint: REPORT,
  },
  store_search_unsupported: {
    kind: 'config',
    message: 'A {mode} search is not possible on Qdrant; it needs a vector and the mode "vector".',
    hint: 'Search with `--mode vector`, or use the embedded store for keyword and fused search.',
  },

  // What is stored already.
  store_collection_missing: {
    kind: 'transient',
    message: 'The collection {location} was created and removed by another process just now.',
    hint: 'Run the command again when the other process is done.',
  },
  'store_collection_missing/removed': {
    kind: 'config',
    message: 'Qdrant at {location} answered {status} while {doing}[: {said}].',
    hint: 'The collection was removed while it was used. Run the command again: the next sync builds it again.',
  },
  store_collection_foreign: {
    kind: 'config',
    message: 'The collection {location} holds points of another program. Nothing in it was changed.',
    hint: `Empty the collection if its points are not needed, or ${OTHER_COLLECTION}`,
  },
  store_collection_unfit: {
    kind: 'config',
    message: 'The collection {location} {problem}, which does not fit. Nothing in it was changed.',
    hint: `Remove the collection if it is not needed, or ${OTHER_COLLECTION}`,
  },
  store_dimensions_mismatch: {
    kind: 'config',
    message: 'The embedder gave a vector of {given} dimensions; {location} holds vectors of {held}.',
    hint: 'Restore the embedding settings the store was built with, or configure another store for the new ones.',
  },
  'store_dimensions_mismatch/collection': {
    kind: 'config',
    message: 'The collection {location} holds vectors of {held} dimensions; the embedder makes {wanted}.',
    hint: `Restore the earlier \`embedding\` settings, or ${OTHER_COLLECTION}`,
  },
  'store_dimensions_mismatch/embedded': {
    kind: 'config',
    message: 'The embedded store {location} was built with another embedding model or other embedding settings ({held} dimensions, now {wanted}).',
    hint: `Restore the earlier \`embedding\` settings, or ${OTHER_FILE}`,
  },
  store_embedding_mismatch: {
    kind: 'config',
    message: 'The collection {location} was built with another embedding model or other embedding settings.',
    hint: `Restore the earlier \`embedding\` settings, or ${OTHER_COLLECTION}`,
  },
  'store_embedding_mismatch/embedded': {
    kind: 'config',
    message: 'The embedded store {location} was built with another embedding model or other embedding settings.',
    hint: `Restore the earlier \`embedding\` settings, or ${OTHER_FILE}`,
  },
  store_file_foreign: {
    kind: 'config',
    message: '{path} is a SQLite database of another application. Nothing in it was changed.',
    hint: 'Set `embedded.path` to a file of its own.',
  },
  store_version_newer: {
    kind: 'config',
    message: 'The embedded store {path} has layout {version}; this version of the program knows up to {known}.',
    hint: 'Install the newer version of qdrant-loader again, or set `embedded.path` to a new file.',
  },

  // The file of the embedded store. Kinds and instructions are those of the state.
  store_locked: {
    kind: 'transient',
    message: 'The embedded store {path} stayed locked by another process for too long ({said}).',
    hint: 'Wait until the other process that uses this file is done, then run the command again.',
  },
  store_corrupt: {
    kind: 'config',
    message: 'The embedded store {path} is damaged or not a SQLite database. It was left as it is ({said}).',
    hint: 'Restore it from a backup, or move it away: the next sync builds it again from the sources.',
  },
  'store_corrupt/meta': {
    kind: 'config',
    message: 'The embedded store {path} is damaged: its table "meta" is incomplete.',
    hint: 'Restore it from a backup, or move it away: the next sync builds it again from the sources.',
  },
  store_disk_full: {
    kind: 'config',
    message: 'The embedded store {path} cannot grow: the disk is full, or a quota or a limit of sizes is reached ({said}).',
    hint: 'Free space on that disk, or raise the limit, and run the command again: nothing was lost.',
  },
  store_path_unwritable: {
    kind: 'config',
    message: 'The embedded store {path} cannot be created, opened or written ({said}).',
    hint: 'Make the file and its folder readable and writable for this user, or set embedded.path to another place.',
  },
  store_io_error: {
    kind: 'config',
    message: 'The embedded store {path} cannot be read or written: the file system reports an error ({said}).',
    hint: 'Check the disk, and that the file is on a local file system: network file systems do not lock reliably.',
  },
  store_exhausted: {
    kind: 'transient',
    message: 'The embedded store {path} cannot be used: no memory or no file handles are left ({said}).',
    hint: 'End other programs, or raise the limits of this process (memory, open files), and run the command again.',
  },
  store_failed: {
    kind: 'internal',
    message: 'The embedded store {path} refused an operation ({said}).',
    hint: 'This is a defect. Please report it with the log of a run at --log-level debug.',
  },
  'store_failed/thread': {
    kind: 'internal',
    message: 'The thread that writes the embedded store {path} ended ({reason}).',
    hint: REPORT,
  },

  // What this program asks for.
  store_not_open: {
    kind: 'internal',
    message: '{store} was used before it was opened, or there is none yet.',
    hint: 'Run a sync first. If this comes from a sync, report this error.',
  },
  store_point_invalid: {
    kind: 'internal',
    message: 'A point has the id {id}, which is not a lower-case UUID.',
    hint: REPORT,
  },
  store_vector_invalid: {
    kind: 'config',
    message: 'The embedder gave a vector that holds something else than finite numbers.',
    hint: 'Check the embedding model and its server; nothing of this batch was written.',
  },
  store_query_invalid: {
    kind: 'internal',
    message: 'A {mode} search was asked for without a vector.',
    hint: REPORT,
  },
} as const satisfies ErrorTable

export const storeError = errorsOf(STORE_CODES)
