export type { GitConfig } from './config.ts'
export type { GitCursor } from './cursor.ts'
export { connector, connector as default } from './plugin.ts'
