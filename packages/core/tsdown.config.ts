import { defineConfig } from 'tsdown'

export default defineConfig({
  // The thread that writes the embedded store is a file of its own, beside the one that starts it; the command
  // line needs the two in between before it knows what else it needs.
  entry: {
    index: 'src/index.ts',
    'private-files': 'src/files/private-files.ts',
    'secret-vault': 'src/secrets/secret-vault.ts',
    'writer-thread': 'src/store/embedded/writer-thread.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  dts: true,
  sourcemap: true,
  // package.json names dist/index.js; without this the files end in .mjs.
  fixedExtension: false,
})
