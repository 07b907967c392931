import { packageBuild } from '../../tooling/build/package-build.ts'

export default packageBuild({ parts: { worker: 'src/worker.ts' } })
