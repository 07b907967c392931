import { packageBuild } from '../../tooling/build/package-build.ts'

export default packageBuild({ entry: { main: 'src/main.ts', index: 'src/index.ts', 'signal-thread': 'src/signal-thread.ts' } })
