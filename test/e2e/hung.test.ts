/** Storage that does not answer: it is named, and a signal ends the process all the same. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { serverOf } from '../support/fuse-server.js'
import { canMake, fileSystems } from '../support/file-systems.js'
import { useFolders } from '../support/mirror.js'
import { mountFileSystem } from '../support/mounted.js'
import { runProcess } from '../support/run.js'
import { writeTree } from '../support/write-tree.js'

const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))
const folders = useFolders()
const fat = fileSystems.find(({ name }) => name === 'FAT')

describe.skipIf(fat === undefined || !canMake(fat))(
  'a file server that does not answer (needs mount)',
  () => {
    // What hangs is waited for ten seconds before it is told: each way has its turn where the other tests go it, too.
    it.each(process.env['FACSIMILE_NATIVE'] === '0' ? [['0', '4'] as const] : [['1', '1'] as const])(
      'Z07: is named, and SIGTERM ends the process (native %s, concurrency %s)',
      async (native, concurrency) => {
        if (fat === undefined) return
        using at = mountFileSystem(fat)
        const replica = join(at.path, 'replica')
        writeTree(folders.source, { d: { a: 'a' }, b: 'b' })
        writeTree(replica, { d: { a: 'older' } })
        const server = serverOf(at.path)
        const env = { ...process.env, XDG_STATE_HOME: join(folders.path, 'state'), FACSIMILE_NATIVE: native }
        const args = [main, folders.source, replica, '--concurrency', concurrency]
        process.kill(server, 'SIGSTOP')
        const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
        try {
          const inTime = { signal: AbortSignal.timeout(25_000) }
          const ended = once(child, 'exit', inTime)
          let said = ''
          child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
          await once(child.stderr, 'data', inTime)
          expect(said).toMatch(/^facsimile: no answer for 1\d seconds from "[^"\n]*": [^\n]*\n$/)
          expect(said).toContain(`from "${at.path}`)
          const asked = performance.now()
          child.kill('SIGTERM')
          const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null]
          expect(performance.now() - asked).toBeLessThan(2000)
          expect([code, ['SIGTERM', 'SIGKILL'].includes(signal ?? '')]).toEqual([null, true])
          expect(said).toMatch(/\nfacsimile: stopped by SIGTERM, without an answer from "[^\n]*\n$/)
        } finally {
          child.kill('SIGKILL')
          process.kill(server, 'SIGCONT')
        }
        const next = await runProcess(process.execPath, args, { env })
        expect(next.code).toBeLessThan(24)
        expect(readFileSync(join(replica, 'd/a'), 'utf8')).toBe('a')
      },
    )
  },
)
