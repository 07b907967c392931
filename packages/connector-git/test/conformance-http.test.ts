import { describeConnector } from '@qdrant-loader/connector-testkit'
import { connector } from '@qdrant-loader/connector-git'
import { GitHttpWorld } from './git-http-world.ts'

// What a path cannot do wrong; the rest is the same over both.
describeConnector(connector, () => GitHttpWorld.create(), { groups: ['contract', 'trouble'] })
