import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22',
  dts: true,
  // package.json names dist/index.js; without this the files end in .mjs.
  fixedExtension: false,
})
