import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SlowestFirst } from './slowest-first.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Tests of single modules: a process for each file would cost more than they do. */
const units = ['core', 'cli'].flatMap(name => {
  const folder = `packages/${name}/test`
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(file => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter(file => file.endsWith('.test.ts') && !file.includes('/e2e/') && !mocksModules(file))
})

/** What a file puts in the place of a module, or of what the process is, others would find there. */
function mocksModules(file: string): boolean {
  return /\bvi\.(?:mock|stubEnv)\(/.test(readFileSync(join(root, file), 'utf8'))
}

// `--mode long` (npm run test:long) runs the long tests and nothing else.
export default defineConfig(({ mode }) => {
  const isLong = mode === 'long'
  const never = ['**/node_modules/**']
  return {
    test: {
      pool: 'forks',
      // Three at a time on two cores, for many wait: to try again, for a program, for storage that does not answer. And no
      // more where there are more: mounts and threads are many enough.
      maxWorkers: 3,
      testTimeout: isLong ? 1_800_000 : 60_000,
      hookTimeout: 60_000,
      sequence: { sequencer: SlowestFirst },
      // What was built is tested as it is: loaded by Node, not transformed.
      server: { deps: { external: [/\/packages\/[^/]+\/(?:bundle|dist)\//] } },
      ...(isLong
        ? { include: ['{packages/*/test,test}/**/*.long.test.ts'], exclude: never }
        : {
            projects: [
              {
                extends: true,
                test: {
                  name: 'apart',
                  include: ['{packages/*/test,test}/**/*.test.ts'],
                  exclude: [...never, '**/*.long.test.ts', ...units],
                },
              },
              { extends: true, test: { name: 'units', include: units, exclude: never, isolate: false } },
            ],
          }),
    },
  }
})
