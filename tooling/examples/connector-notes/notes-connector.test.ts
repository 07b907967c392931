import { describeConnector } from '@qdrant-loader/connector-testkit'
import { connector } from './notes-connector.ts'
import { NotesWorld } from './notes-world.ts'

describeConnector(connector, () => NotesWorld.create())
