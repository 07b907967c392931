import { packageBuild } from '../../tooling/build/package-build.ts'

export default packageBuild({
  // The thread that writes the embedded store is a file of its own, beside the one that starts it; the command
  // line needs the two in between before it knows what else it needs.
  entry: {
    index: 'src/index.ts',
    'private-files': 'src/files/private-files.ts',
    'secret-vault': 'src/secrets/secret-vault.ts',
    'writer-thread': 'src/store/embedded/writer-thread.ts',
  },
  bundled: ['fastest-levenshtein', 'yaml', 'zod'],
})
