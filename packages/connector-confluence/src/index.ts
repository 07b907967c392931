export type { ConfluenceConfig } from './config.ts'
export type { ConfluenceCursor } from './cursor.ts'
export { connector, connector as default } from './plugin.ts'
