import { connector } from '@qdrant-loader/connector-git'
import { MemoryHost } from '@qdrant-loader/connector-testkit'

// One first sync in a process of its own, so that a test can kill it.
const [cacheDirectory = '', base_url] = process.argv.slice(2)
const config = { base_url, include_paths: 'docs' }
await new MemoryHost({ plugin: connector, config, configDirectory: cacheDirectory, cacheDirectory }).sync()
