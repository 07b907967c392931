import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeConnector } from '../src/index.ts'
import { LAWS } from '../src/laws/laws.ts'
import { DEFECTS } from './defects/defects.ts'
import { Shelf } from './shelf/shelf.ts'
import { RIGHT, shelfConnector } from './shelf/shelf-connector.ts'

describeConnector(shelfConnector(), () => new Shelf(), { histories: 100, historyLength: 30 })

describe('without a judge', () => {
  const capabilities = { ...RIGHT.capabilities, judges: false }
  describeConnector(shelfConnector({ capabilities, judge: undefined }), () => new Shelf())
})

describe('the suite of a connector that', () => {
  let failed: readonly Failure[] = []
  beforeAll(async () => {
    failed = await failures()
  }, 120_000)

  it.each(Object.entries(DEFECTS))('%s fails and names the law', (defect, { law, parts }) => {
    expect(Object.keys(parts), 'one defect').toHaveLength(1)
    const found = failed.filter(({ ancestorTitles }) => ancestorTitles.includes(defect))
    expect(found.map(({ title }) => title)).toContain(law)
    const message = found.find(({ title }) => title === law)?.failureMessages.join('\n')
    expect(message).toContain(`A connector ${law}. Otherwise `)
  })

  it('breaks a law, for each law there is', () => {
    const laws = Object.values(LAWS).flatMap((group) => group.map(({ title }) => title))
    expect(new Set(laws).size, 'titles are different').toBe(laws.length)
    const planted = new Set(Object.values(DEFECTS).map(({ law }) => law))
    // Any lasting defect breaks the random histories; they have no defect of their own.
    expect(laws.filter((title) => !planted.has(title))).toEqual(['converges after any history'])
    expect(failed.some(({ title }) => title === 'converges after any history')).toBe(true)
  })
})

interface Failure {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly failureMessages: readonly string[]
}

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly (Failure & { readonly status: string })[] }[]
}

/** What fails in the suites of all defective connectors, run as their authors would run them. */
async function failures(): Promise<readonly Failure[]> {
  const folder = fileURLToPath(new URL('defects', import.meta.url))
  const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
  const temporary = await mkdtemp(join(tmpdir(), 'connector-testkit-report-'))
  try {
    const report = join(temporary, 'report.json')
    const args = [vitest, 'run', '--config', `${folder}/vitest.config.ts`, '--reporter=json', `--outputFile=${report}`]
    const run = promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 })
    await expect(run).rejects.toMatchObject({ code: 1 })
    const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Report
    return testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === 'failed')
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}
