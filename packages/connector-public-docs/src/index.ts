export type { PublicDocsConfig } from './config.ts'
export type { PublicDocsCursor } from './cursor.ts'
export { connector, connector as default, createPublicDocsConnector } from './plugin.ts'
export type { PublicDocsConnectorOptions } from './plugin.ts'
