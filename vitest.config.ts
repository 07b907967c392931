import { defineConfig } from 'vitest/config'

// Tests run the TypeScript sources of every workspace package; nothing needs to be built first, except for the
// end-to-end tests (`apps/cli/test/e2e`), which start the built command as a user does.
const conditions = ['@qdrant-loader/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'apps/*/{src,test}/**/*.test.ts', 'tooling/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    env: { NODE_OPTIONS: '--conditions=@qdrant-loader/source' },
  },
})
