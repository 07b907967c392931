import { GitSimulator } from '@qdrant-loader/simulators'
import { git } from './git-world.ts'
import type { GitWorld } from './git-world.ts'
import { randomFrom } from './random-history.ts'

/** How a history is read: from where, at what, and what gets in the way. */
export interface Way {
  readonly name: string
  /** What the source is configured with. */
  readonly config: { readonly base_url: string; readonly ref?: string }
  /** Called after each change of the world. */
  settle(): void
  /** Faults come, or none do. */
  disturb(yes: boolean): void
  stop(): Promise<void>
}

const FAULTS = [
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429, retryAfter: '0' },
  { kind: 'drop' },
  { kind: 'truncate', how: 'chunked', after: 100 },
] as const
/** Requests between two faults, so that what is tried again arrives. */
const APART = 6

/** Most histories are read from a folder; every fifth in each of three other ways. */
export async function wayOf(seed: number, world: GitWorld): Promise<Way> {
  if (seed % 5 === 1) return served('a server that gives files singly, with faults', seed, world, true)
  if (seed % 5 === 2) return served('a server that gives everything, with faults', seed, world, false)
  if (seed % 5 === 3) return tagged(seed, world)
  return { name: 'a folder', config: { base_url: world.directory }, settle() {}, disturb() {}, stop: async () => {} }
}

async function served(name: string, seed: number, world: GitWorld, filters: boolean): Promise<Way> {
  git(world.directory, ['config', 'uploadpack.allowFilter', String(filters)])
  const server = await GitSimulator.start(world.directory)
  const random = randomFrom(seed + 1_000_000)
  let sinceFault = 0
  const disturbed = (): void => {
    sinceFault += 1
    if (sinceFault < APART || random() < 0.5) return
    sinceFault = 0
    server.faults.add(FAULTS[Math.floor(random() * FAULTS.length)] ?? FAULTS[0])
  }
  return {
    name,
    config: { base_url: server.url },
    settle() {},
    disturb: (yes) => void (server.onRequest = yes ? disturbed : undefined),
    stop: () => server.close(),
  }
}

/** A tag that is moved with each change, light or annotated. */
function tagged(seed: number, world: GitWorld): Way {
  const random = randomFrom(seed + 2_000_000)
  const settle = (): void => {
    const person = ['-c', 'user.name=T', '-c', 'user.email=t@example.com']
    const kind = random() < 0.5 ? [] : ['-a', '-m', 'moved']
    git(world.directory, [...person, 'tag', '-f', ...kind, 'latest', world.branch])
  }
  settle()
  return { name: 'a tag that is moved', config: { base_url: world.directory, ref: 'latest' }, settle, disturb() {}, stop: async () => {} }
}
