import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { ErrorDescription } from '@qdrant-loader/connector-sdk'
import { cliError } from '../codes.ts'
import { version } from '../version.ts'

/** An error as it is shown: to a person, and under `error` with `--json`. */
export type KnownFailure = ErrorDescription

/** Where a defect is reported, with what those who read it ask first. */
const REPORTS = `https://github.com/qdrant-loader/qdrant-loader-ts/issues (qdrant-loader ${version}, Node.js ${process.versions.node})`

/** What the operating system says. `internal` defects are everything else. */
const SYSTEM_FAILURES = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full/quota',
  EFBIG: 'disk_full/file_size',
  EACCES: 'not_permitted',
  EPERM: 'not_permitted',
  EROFS: 'not_writable',
  EMFILE: 'too_many_files',
} as const

/** Says of any thrown value what it is. What nobody expected is a defect of ours, with how to report it. */
export function knownFailure(error: unknown): KnownFailure {
  if (isLoaderError(error)) {
    const { code, kind, message } = error
    return { code, kind, message, hint: kind === 'internal' ? withAddress(error.hint) : error.hint }
  }
  const said = messageOf(error)
  const system = systemCode(error)
  if (system !== undefined) return cliError.describe(SYSTEM_FAILURES[system], { said })
  return cliError.describe('internal', { said, where: REPORTS })
}

/** What says already how to make a log needs only the address. */
function withAddress(hint: string): string {
  if (hint.includes('--log-level debug')) return `${hint} Report it at ${REPORTS}.`
  return `${hint} ${cliError.describe('internal', { said: '', where: REPORTS }).hint}`
}

function systemCode(error: unknown): keyof typeof SYSTEM_FAILURES | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { code, syscall } = error as { code?: unknown; syscall?: unknown }
  return typeof code === 'string' && typeof syscall === 'string' && isKnown(code) ? code : undefined
}

function isKnown(code: string): code is keyof typeof SYSTEM_FAILURES {
  return Object.hasOwn(SYSTEM_FAILURES, code)
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.replace(/\s+/g, ' ').trim()
}
