import { defineConfig } from 'tsdown'

export default defineConfig({
  // The thread that writes the embedded store is a file of its own, beside the one that starts it; the vault is needed
  // before the command line knows whether anything else is.
  entry: {
    index: 'src/index.ts',
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
