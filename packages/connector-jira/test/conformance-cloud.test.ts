import { connector } from '@qdrant-loader/connector-jira'
import { describeConnector } from '@qdrant-loader/connector-testkit'
import { JiraWorld } from './jira-world.ts'

describeConnector(connector, () => JiraWorld.create('cloud'))
