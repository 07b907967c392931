import { describeConnector } from '@qdrant-loader/connector-testkit'
import { connector } from '../src/index.ts'
import { NotesWorld } from './notes-world.ts'

describeConnector(connector, () => NotesWorld.create())
