import { describeConnector } from '@qdrant-loader/connector-testkit'
import { connector } from '@qdrant-loader/connector-git'
import { GitWorld } from './git-world.ts'

describeConnector(connector, () => GitWorld.create())
