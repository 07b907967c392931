import path from 'node:path'
import { EmbeddedVectorStore } from '@qdrant-loader/core'
import type { Settings, VectorStore } from '@qdrant-loader/core'
import type { CommandContext } from '../command-context.ts'
import { besideState } from './state-location.ts'

/** The configured store: a Qdrant server where there is a `qdrant` section, else one file. Nothing is connected yet. */
export async function openStore(settings: Settings, context: CommandContext): Promise<VectorStore> {
  const { embedded } = settings.global
  const file = embedded?.path
  const location = file === undefined ? besideState(settings, context.host, '.points.db') : path.resolve(settings.directory, file)
  return new EmbeddedVectorStore({ path: location })
}
