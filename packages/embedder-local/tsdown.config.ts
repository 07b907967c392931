import { packageBuild } from '../../tooling/build/package-build.ts'

export default packageBuild({ entry: { index: 'src/index.ts', worker: 'src/worker.ts' } })
