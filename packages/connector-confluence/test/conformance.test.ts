import { describeConnector } from '@qdrant-loader/connector-testkit'
import { connector } from '@qdrant-loader/connector-confluence'
import { describe } from 'vitest'
import { ConfluenceTestWorld } from './confluence-world.ts'

describe('Cloud', () => describeConnector(connector, () => ConfluenceTestWorld.create('cloud'), { histories: 10 }))
describe('Data Center', () => describeConnector(connector, () => ConfluenceTestWorld.create('datacenter'), { histories: 10 }))
