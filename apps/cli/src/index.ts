export { run } from './run.ts'
export type { RunDeps } from './run.ts'
export { createStandardOutput } from './output/standard-output.ts'
export type { OutputStream, StandardOutput } from './output/standard-output.ts'
