import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { describeConnector } from '../src/index.ts'
import { DEFECTS } from './fixtures/broken.ts'
import { Shelf, shelfConnector } from './fixtures/shelf.ts'

describeConnector(shelfConnector(), () => new Shelf(), { histories: 100, historyLength: 30 })

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly title: string; readonly status: string }[] }[]
}

it('finds each defect where it belongs', async () => {
  const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
  const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
  const folder = await mkdtemp(join(tmpdir(), 'connector-testkit-report-'))
  try {
    const report = join(folder, 'report.json')
    const args = [vitest, 'run', '--config', `${fixtures}/vitest.config.ts`, '--reporter=json', `--outputFile=${report}`]
    const run = promisify(execFile)(process.execPath, args, { cwd: fixtures, env: { ...process.env, SHELF_DEFECTS: '1' }, maxBuffer: 2 ** 26 })
    await expect(run).rejects.toMatchObject({ code: 1 })
    expectDefects(JSON.parse(await readFile(report, 'utf8')) as Report)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

function expectDefects({ testResults }: Report): void {
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === 'failed')
  for (const [defect, title] of Object.entries(DEFECTS)) {
    const found = failed.filter(({ ancestorTitles }) => ancestorTitles.includes(defect)).map((test) => test.title)
    expect(found, defect).toContain(title)
  }
}
