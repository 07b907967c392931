import { defaultExternalConditions, defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

// Tests run the TypeScript sources of every workspace package; nothing needs to be built first, except for the
// end-to-end tests (`apps/cli/test/e2e`), which start the built command as a user does.
const SOURCE = '@qdrant-loader/source'

export default defineConfig({
  resolve: { conditions: [SOURCE, ...defaultServerConditions] },
  ssr: {
    resolve: {
      conditions: [SOURCE, ...defaultServerConditions],
      externalConditions: [SOURCE, ...defaultExternalConditions],
    },
  },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'apps/*/{src,test}/**/*.test.ts', 'tooling/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    env: { NODE_OPTIONS: `--conditions=${SOURCE}` },
  },
})
