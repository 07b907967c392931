import type { World } from '@qdrant-loader/connector-testkit'
import { GitSimulator } from '@qdrant-loader/simulators'
import { GitWorld } from './git-world.ts'

const TOKEN = 'the-secret-token'

/** The same repository behind a server that wants a token. */
export class GitHttpWorld extends GitWorld {
  override readonly lacks: NonNullable<World['lacks']> = {
    pageSize: 'a tree is one answer',
    repeat: 'no answer leads to another one',
    spoil: 'git-faults.test.ts has the file that a server cannot give',
  }
  readonly secrets = [TOKEN]
  readonly #server: GitSimulator

  private constructor(world: GitWorld, server: GitSimulator) {
    super(world.repository)
    this.#server = server
    server.credentials = { username: 'x-access-token', password: TOKEN }
  }

  static override async create(): Promise<GitHttpWorld> {
    const world = await GitWorld.create()
    await world.repository.git('config', 'uploadpack.allowFilter', 'true')
    return new GitHttpWorld(world, await GitSimulator.start(world.repository.path))
  }

  override get config(): Readonly<Record<string, unknown>> {
    return { ...super.config, base_url: this.#server.url, token: TOKEN }
  }

  override fail(): Promise<void> {
    return this.breakOff(0)
  }

  async breakOff(afterRequests: number, requests = Number.POSITIVE_INFINITY): Promise<void> {
    this.#server.heal()
    this.#server.faults.add({ kind: 'drop' }, { after: afterRequests, times: requests })
  }

  refuse(): void {
    // Servers repeat what they were given.
    this.#server.breakOff(0, { kind: 'answer', status: 401, headers: { 'www-authenticate': 'Basic realm="git"' }, body: `The token ${TOKEN} is not valid.` })
  }

  stall(): void {
    this.#server.breakOff(0, { kind: 'delay', ms: Number.POSITIVE_INFINITY })
  }

  override async heal(): Promise<void> {
    this.#server.heal()
  }

  override async dispose(): Promise<void> {
    await this.#server.close()
    await super.dispose()
  }
}
