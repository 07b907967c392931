import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { ErrorKind } from '@qdrant-loader/connector-sdk'
import { version } from '../version.ts'

/** An error as it is shown: to a person, and under `error` with `--json`. */
export interface KnownFailure {
  readonly code: string
  readonly kind: ErrorKind
  readonly message: string
  readonly hint: string
}

const ISSUES = 'https://github.com/qdrant-loader/qdrant-loader-ts/issues'

/** What the operating system says, in the words of the user's machine. `internal` defects are everything else. */
const SYSTEM_FAILURES: Readonly<Record<string, { readonly code: string; readonly hint: string }>> = {
  ENOSPC: { code: 'disk_full', hint: 'Free some space on that disk and run again; what was committed is kept.' },
  EDQUOT: { code: 'disk_full', hint: 'Free some of your disk quota and run again; what was committed is kept.' },
  EFBIG: { code: 'disk_full', hint: 'Raise the limit on file sizes (ulimit -f) and run again; what was committed is kept.' },
  EACCES: { code: 'not_permitted', hint: 'Give this user access to that path, or configure another one.' },
  EPERM: { code: 'not_permitted', hint: 'Give this user access to that path, or configure another one.' },
  EROFS: { code: 'not_writable', hint: 'That file system is read-only: configure a path that can be written.' },
  EMFILE: { code: 'too_many_files', hint: 'Raise the limit on open files (ulimit -n), or lower --workers.' },
}

/** Says of any thrown value what it is. What nobody expected is a defect of ours, with how to report it. */
export function knownFailure(error: unknown): KnownFailure {
  if (isLoaderError(error)) {
    const hint = error.kind === 'internal' ? `${error.hint} ${reportHint()}`.trim() : error.hint
    return { code: error.code, kind: error.kind, message: error.message, hint }
  }
  const system = SYSTEM_FAILURES[systemCode(error) ?? '']
  if (system !== undefined) return { code: system.code, kind: 'config', message: messageOf(error), hint: system.hint }
  return { code: 'internal', kind: 'internal', message: `This is a defect of qdrant-loader: ${messageOf(error)}`, hint: reportHint() }
}

function reportHint(): string {
  return `Run it again with --log-level debug and report what it prints at ${ISSUES} (qdrant-loader ${version}, Node.js ${process.versions.node}).`
}

function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { code, syscall } = error as { code?: unknown; syscall?: unknown }
  return typeof code === 'string' && typeof syscall === 'string' ? code : undefined
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.replace(/\s+/g, ' ').trim()
}
