export { EmbedderSimulator, sendJson, vectorOf } from './embedder/index.ts'
export type { EmbeddingRequest, Misbehaviour } from './embedder/index.ts'
export { GIT_ENVIRONMENT, GitSimulator } from './git/index.ts'
export { QdrantSimulator, SimulatedCollection } from './qdrant/index.ts'
export type { QdrantCounters, QdrantFault, QdrantSimulatorOptions, SimulatedPoint } from './qdrant/index.ts'
export { basicAuth } from './base/answer.ts'
export type { Answer } from './base/answer.ts'
export type { FaultSchedule, FaultTarget } from './base/fault-schedule.ts'
export type { SharedFault } from './base/faults.ts'
export { ignoredPositions } from './base/ignored-positions.ts'
export { SimulatedServer } from './base/simulated-server.ts'
export type { ByHand, RoutedCall, SeenRequest } from './base/simulated-server.ts'
export { ConfluenceSimulator, ConfluenceWorld, generateConfluence } from './confluence/index.ts'
export type {
  BrokenIn,
  ConfluenceFault,
  ConfluenceSimulatorOptions,
  SimulatedContent,
  SimulatedSpace,
  SpaceAccess,
} from './confluence/index.ts'
export { generateJira, JiraSimulator, jiraTime, JiraWorld, LOGIN_PAGE } from './jira/index.ts'
export type { IssueInput, JiraComment, JiraFault, JiraField, JiraIssue, JiraNameKind, JiraProject, JiraSimulatorOptions, RichText } from './jira/index.ts'
export {
  bigBody,
  brokenHtml,
  calendar,
  endlessLinks,
  entityBomb,
  generateSite,
  gzipBomb,
  linesOf,
  redirectChain,
  redirectTo,
  SiteSimulator,
  SiteWorld,
} from './site/index.ts'
export type {
  Block,
  PageContent,
  Resource,
  SiteBehaviour,
  SiteFault,
  SiteHandler,
  SitePage,
  SiteSimulatorOptions,
} from './site/index.ts'
export { ProxySimulator } from './proxy/proxy-simulator.ts'
export type { ProxiedRequest, ProxySimulatorOptions } from './proxy/proxy-simulator.ts'
