export { QdrantSimulator, SimulatedCollection } from './qdrant/index.ts'
export type { Fault, FaultTarget, QdrantCounters, QdrantSimulatorOptions, SimulatedPoint } from './qdrant/index.ts'
