import type { World } from '@qdrant-loader/connector-testkit'
import { GitHttpServer } from './git-http-server.ts'
import type { Fault } from './git-http-server.ts'
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
  readonly #server: GitHttpServer

  private constructor(world: GitWorld, server: GitHttpServer) {
    super(world.repository)
    this.#server = server
    server.credentials = { username: 'x-access-token', password: TOKEN }
  }

  static override async create(): Promise<GitHttpWorld> {
    const world = await GitWorld.create()
    await world.repository.git('config', 'uploadpack.allowFilter', 'true')
    return new GitHttpWorld(world, await GitHttpServer.start(world.repository.path))
  }

  override get config(): Readonly<Record<string, unknown>> {
    return { ...super.config, base_url: this.#server.url, token: TOKEN }
  }

  override fail(): Promise<void> {
    return this.breakOff(0)
  }

  async breakOff(afterRequests: number): Promise<void> {
    this.#from(afterRequests, { kind: 'reset' })
  }

  refuse(): void {
    // Servers repeat what they were given.
    this.#from(0, { kind: 'answer', status: 401, headers: { 'www-authenticate': 'Basic realm="git"' }, body: `The token ${TOKEN} is not valid.` })
  }

  stall(): void {
    this.#from(0, { kind: 'silent' })
  }

  override async heal(): Promise<void> {
    this.#server.fault = () => undefined
  }

  override async dispose(): Promise<void> {
    await this.#server.stop()
    await super.dispose()
  }

  #from(request: number, fault: Fault): void {
    let seen = 0
    this.#server.fault = () => (seen++ < request ? undefined : fault)
  }
}
