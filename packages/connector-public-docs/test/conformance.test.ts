import { describeConnector } from '@qdrant-loader/connector-testkit'
import { createPublicDocsConnector } from '@qdrant-loader/connector-public-docs'
import { DocsWorld } from './docs-world.ts'

describeConnector(createPublicDocsConnector({ sleep: async () => {} }), () => DocsWorld.create())
