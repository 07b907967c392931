import path from 'node:path'
import type { Settings } from '@qdrant-loader/core/config'
import type { Host } from '../command-context.ts'
import { besideState } from './state-location.ts'

/** The folder in which connectors of a type keep what can be rebuilt (clones). */
export function cacheDirectory(settings: Settings, sourceType: string, host: Host): string {
  return path.join(besideState(settings, host, '.cache'), sourceType)
}
