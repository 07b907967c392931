import { GitSimulator } from '@qdrant-loader/simulators'
import { afterEach, beforeEach, vi } from 'vitest'
import { Caches } from './sync-host.ts'
import { TestRepository } from './test-repository.ts'

/** The repository of the running test. */
export let repository: TestRepository
/** Its hosts, with caches of their own. */
export let caches: Caches
/** The repository over HTTP; see {@link stageWithServer}. */
export let server: GitSimulator

/** Gives each test of a file a repository and caches. */
export function stage(): void {
  beforeEach(async () => {
    repository = await TestRepository.create()
    caches = await Caches.create()
  })
  afterEach(async () => {
    await repository.dispose()
    await caches.dispose()
  })
}

/** The same with a server of the repository, and without what the user's own Git configuration says of servers. */
export function stageWithServer({ filters = false }: { readonly filters?: boolean } = {}): void {
  stage()
  beforeEach(async () => {
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null')
    if (filters) await repository.git('config', 'uploadpack.allowFilter', 'true')
    server = await GitSimulator.start(repository.path)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await server.close()
  })
}
