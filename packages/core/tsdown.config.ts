import { packageBuild } from '../../tooling/build/package-build.ts'

const ROOMS = ['chunking', 'config', 'embedding', 'files', 'pipeline', 'rehearsal', 'secrets', 'state', 'store']

export default packageBuild({
  entry: {
    index: 'src/index.ts',
    ...Object.fromEntries(ROOMS.map((room) => [room, `src/${room}/index.ts`])),
    // The thread that writes the embedded store is a file of its own, beside the one that starts it.
    'writer-thread': 'src/store/embedded/writer-thread.ts',
  },
  bundled: ['fastest-levenshtein', 'yaml', 'zod'],
})
