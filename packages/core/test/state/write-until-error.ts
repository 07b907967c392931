// Writes to a state file until that fails, and prints the error as JSON with the number of documents committed before.
// Run it with a limit on the size of files. With `nobody` it first gives up the rights of root, where it has them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLoaderError } from '@qdrant-loader/connector-sdk'
import { StateManager } from '../../src/state/state-manager.ts'
import { commitOf, REF } from './test-state.ts'

const [path = '', user] = process.argv.slice(2)
// The limit of the shell sends a signal that ends the process, unless somebody listens.
process.on('SIGXFSZ', () => undefined)
const quiet = () => undefined
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }
if (user === 'nobody' && process.getuid?.() === 0) {
  // What is imported with the first use must be there before: the folder of the sources may be root's alone.
  const folder = mkdtempSync(join(tmpdir(), 'state-first-use-'))
  await (await StateManager.open({ path: join(folder, 'state.db'), now: Date.now, logger })).close()
  rmSync(folder, { recursive: true })
  process.setuid?.(65_534)
}
let committed = 0
try {
  await using state = await StateManager.open({ path, now: Date.now, logger })
  const lease = await state.leases.acquire(REF)
  for (;;) {
    const batch = Array.from({ length: 100 }, (_, n) => commitOf(`d${committed + n}`, { points: [`p${committed + n}`] }))
    await state.documents.commit(lease, 'r1', 'l1', batch)
    committed += batch.length
  }
} catch (error) {
  if (!isLoaderError(error)) throw error
  const { code, kind, hint, message } = error
  process.stdout.write(JSON.stringify({ code, kind, hint, message, committed }))
}
