export type { JiraConfig } from './config.ts'
export type { JiraCursor } from './cursor.ts'
export { connector, connector as default, createJiraConnector } from './plugin.ts'
export type { JiraConnectorOptions } from './plugin.ts'
