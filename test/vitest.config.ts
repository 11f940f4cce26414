import { defineConfig } from 'vitest/config'

// `--mode long` (npm run test:long) runs the long tests and nothing else.
export default defineConfig(({ mode }) => ({
  test: {
    include:
      mode === 'long'
        ? ['{packages/*/test,test}/**/*.long.test.ts']
        : ['{packages/*/test,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...(mode === 'long' ? [] : ['**/*.long.test.ts'])],
    pool: 'forks',
    // Two at a time on two cores, and no more where there are more: mounts and threads are many enough.
    maxWorkers: 2,
    testTimeout: mode === 'long' ? 1_800_000 : 60_000,
    hookTimeout: 60_000,
    // What was built is tested as it is: loaded by Node, not transformed.
    server: { deps: { external: [/\/packages\/[^/]+\/(?:bundle|dist)\//] } },
  },
}))
