import { afterAll, expect, it } from 'vitest'
import { PlantedFiles } from './planted-files.ts'

const planted = new PlantedFiles('one-of-each', ['one-of-each/sleep'])
afterAll(() => planted.remove())

const LOOP = `
export async function persistently<T>(call: () => Promise<T>, sleep: (ms: number) => Promise<void>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call()
    } catch (error) {
      if (tries === 3) throw error
    }
    await sleep(100 * 2 ** tries)
  }
}
`

/** What is planted where, and the rule that finds it. */
const SECOND: Readonly<Record<string, readonly [rule: string | undefined, text: string]>> = {
  'packages/connector-jira/src/a.ts': ['sleep', 'export const nap = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))'],
  'packages/connector-jira/src/b.ts': ['sleep', "import { setTimeout as nap } from 'node:timers/promises'\nexport const once = () => nap(10)"],
  'packages/core/src/c.ts': ['sleep', 'export function nap(ms: number): Promise<void> {\n  const over = Promise.withResolvers<void>()\n  setTimeout(() => over.resolve(), ms)\n  return over.promise\n}'],
  'packages/core/src/d.ts': ['retry-loop', LOOP],
  'apps/cli/src/e.ts': ['retry-loop', LOOP.replace('await sleep(', 'await this.deps.wait(')],
  'packages/http/src/f.ts': ['semaphore', 'export class RequestLimiter {}'],
  'packages/core/src/g.ts': ['semaphore', "import Queue from 'p-queue'\nexport const places = new Queue({ concurrency: 3 })"],
  'packages/embedder-local/src/h.ts': ['semaphore', 'const waiting: (() => void)[] = []\nexport const turn = () => new Promise<void>((resolve) => waiting.push(resolve))'],
  'packages/http/src/i.ts': ['retry-after', "export const pause = (headers: Headers) => Number(headers.get('Retry-After')) * 1000"],
  // What is none of these.
  'packages/core/src/j.ts': [undefined, 'export function later(work: () => void): void {\n  setTimeout(work, 100).unref()\n}'],
  'packages/core/src/k.ts': [undefined, 'export async function poll(look: () => Promise<boolean>, sleep: (ms: number) => Promise<void>): Promise<void> {\n  for (;;) {\n    if (await look()) return\n    await sleep(50)\n  }\n}'],
  'packages/core/src/l.ts': [undefined, "export function delimiterOf(text: string): string | undefined {\n  return text.at(0)\n}"],
  'packages/core/src/m.test.ts': [undefined, LOOP],
  'packages/connector-sdk/src/retry-loop.ts': [undefined, LOOP],
}

it('a second sleep, retry loop, semaphore or reader of Retry-After is refused', () => {
  const stdout = planted.lint(Object.fromEntries(Object.entries(SECOND).map(([path, [, text]]) => [path, text])))
  const said = Object.keys(SECOND).map((path) => [path, ...new Set(Array.from(stdout.matchAll(new RegExp(`^${path}:.*\\[Error/one-of-each\\(([\\w-]+)\\)\\]`, 'gm')), ([, rule]) => rule))])
  expect(said, stdout).toEqual(Object.entries(SECOND).map(([path, [rule]]) => (rule === undefined ? [path] : [path, rule])))
})
