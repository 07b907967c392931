import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { defineConnector, LoaderError } from '@qdrant-loader/connector-sdk'
import type { ConnectorPlugin, DocumentStub } from '@qdrant-loader/connector-sdk'
import { z } from 'zod'
import type { EffectsWorld } from './command-line.ts'

/** A source in memory that records what it is asked for. Every configured source of the type shares it. */
export interface Probe {
  /** Ids of the documents; each source has all of them. */
  documents: string[]
  /** Detections as they begin: the source, and what was asked for. */
  readonly detections: { readonly source: string; readonly asked: string }[]
  /** Documents that were given to the host and not read yet, at most. */
  mostAhead: number
  /** Documents that were read at once, at most. */
  mostAtOnce: number
  /** Sources that were looked at at once, at most. */
  mostSources: number
  /** Called when a detection of a source begins, before it names anything. */
  onDetect: (source: string, signal: AbortSignal) => Promise<void> | void
  /** Called in every read. */
  onFetch: (id: string, signal: AbortSignal) => Promise<void> | void
}

/** What a source that does not answer throws. */
export function unreachable(): LoaderError {
  return new LoaderError({ code: 'probe_unreachable', kind: 'transient', message: 'the probe does not answer', hint: 'Wait.' })
}

/** Never answers, until it is told to stop. */
export function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

/** Installs a connector of type `probe` as the package `probe-connector` of a world. */
export function installProbe(world: Pick<EffectsWorld, 'folder'>): Probe {
  const probe: Probe = {
    documents: ['one', 'two', 'three'],
    detections: [],
    mostAhead: 0,
    mostAtOnce: 0,
    mostSources: 0,
    onDetect: () => undefined,
    onFetch: () => undefined,
  }
  // The package is loaded as a user's is, by its name; what it exports stands here.
  const key = `probe of ${world.folder}`
  Object.assign(globalThis, { [key]: connectorOf(probe) })
  const home = path.join(world.folder, 'node_modules', 'probe-connector')
  mkdirSync(home, { recursive: true })
  writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name: 'probe-connector', type: 'module', exports: './index.js' }))
  writeFileSync(path.join(home, 'index.js'), `export default globalThis[${JSON.stringify(key)}]\n`)
  return probe
}

function connectorOf(probe: Probe): ConnectorPlugin<object, { readonly seen: number }> {
  let [reading, looking, ahead] = [0, 0, 0]
  return defineConnector({
    apiVersion: 1,
    type: 'probe',
    configSchema: z.strictObject({}),
    cursorSchema: z.strictObject({ seen: z.int() }),
    capabilities: { identity: 'stable', judges: false, reportsDeletions: true },
    fingerprints: () => ({ selection: null, extraction: null }),
    open: async (_config, { source }) => ({
      detector: {
        async *detect(request, signal) {
          probe.detections.push({ source, asked: request.mode === 'full' ? 'full' : request.listingDue ? 'listing' : 'incremental' })
          looking += 1
          probe.mostSources = Math.max(probe.mostSources, looking)
          try {
            await probe.onDetect(source, signal)
            for (const id of probe.documents) {
              ahead += 1
              probe.mostAhead = Math.max(probe.mostAhead, ahead)
              yield { kind: 'upsert', stub: stubOf(id) }
            }
            const complete = request.mode === 'full' || request.listingDue
            yield { kind: 'complete', cursor: { seen: probe.documents.length }, listing: complete ? { everythingIn: ['all'], configured: ['all'] } : 'changes' }
          } finally {
            looking -= 1
          }
        },
      },
      reader: {
        async read(stub, signal) {
          reading += 1
          probe.mostAtOnce = Math.max(probe.mostAtOnce, reading)
          try {
            await probe.onFetch(stub.id, signal)
            return { stub, text: `The text of ${stub.id}.`, format: 'text', contentType: 'text/plain' }
          } finally {
            reading -= 1
            ahead -= 1
          }
        },
      },
      check: async () => 'fine',
      close: async () => {},
    }),
  })
}

function stubOf(id: string): DocumentStub {
  return { id, scope: 'all', contentVersion: '1', location: { url: `probe://all/${id}` } }
}
