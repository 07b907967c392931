import connector from '@qdrant-loader/connector-git'
import type { GitWorld } from './git-world.ts'
import { cleanBuildOf, type ExportedPoint, SyncBench, type SyncBenchOptions } from '../sync-bench.ts'

function optionsFor(world: Pick<GitWorld, 'directory'>, config: Record<string, unknown>): SyncBenchOptions {
  return { plugin: connector as SyncBenchOptions['plugin'], config: () => ({ base_url: world.directory, ...config }) }
}

/** A bench that reads the repository of a world. */
export async function gitBench(
  world: Pick<GitWorld, 'directory'>,
  config: Record<string, unknown> = {},
  batchSize?: number,
  retryAttempts?: number,
): Promise<SyncBench> {
  return SyncBench.open({
    ...optionsFor(world, config),
    ...(batchSize !== undefined && { batchSize }),
    ...(retryAttempts !== undefined && { retryAttempts }),
  })
}

/** What a clean build of the world holds now. */
export async function cleanBuild(world: GitWorld, config: Record<string, unknown> = {}): Promise<readonly ExportedPoint[]> {
  return cleanBuildOf(optionsFor(world, config))
}
