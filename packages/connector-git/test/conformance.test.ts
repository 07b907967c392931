import { describeConnector } from '@qdrant-loader/connector-testkit'
import { connector } from '@qdrant-loader/connector-git'
import { GitWorld } from './git-world.ts'

// The oracle of the command line has 200 random histories more.
describeConnector(connector, () => GitWorld.create(), { histories: 10 })
