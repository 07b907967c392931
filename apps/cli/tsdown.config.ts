import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/main.ts', 'src/index.ts', 'src/signal-thread.ts'],
  format: 'esm',
  platform: 'node',
  fixedExtension: false,
  target: 'node22',
  dts: true,
  // With the tests in it, declarations would be written beside what they import from other packages.
  tsconfig: 'tsconfig.build.json',
  sourcemap: true,
})
