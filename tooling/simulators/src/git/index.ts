export { GIT_ENVIRONMENT } from './git-environment.ts'
export { GitSimulator } from './git-simulator.ts'
