import { expect } from 'vitest'
import type { LoaderError } from '@qdrant-loader/connector-sdk'
import { expectNoSecrets } from '../expectations.ts'
import type { Stage } from '../stage.ts'

/** An error that ends the run of a source: the user learns what happened and what to do, and no secret. */
export function expectUseful(error: LoaderError, stage: Pick<Stage, 'world' | 'host'>): void {
  expect(['transient', 'config', 'auth'], `the kind of "${error.message}"`).toContain(error.kind)
  expect(error.code).toMatch(/^[a-z][a-z0-9_]*$/)
  expect(error.message).not.toBe('')
  expect(error.hint, `the hint of "${error.message}"`).not.toBe('')
  expectNoSecrets(stage, [error.message, error.hint, error.stack, String(error.cause), stage.host.said])
}
