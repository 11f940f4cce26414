/** How much memory a plan takes for each change in it: a guard that does not depend on the machine. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runProcess } from '../support/run.js'
import { useTemporaryDirectory } from '../support/temp.js'

/**
 * The most bytes a change may take, by the length of the names: 64 of its entry, 28 of its row, its name with what
 * separates it from the next, and its share of what a directory takes.
 */
const most = [
  { length: 6, bytes: 112 },
  { length: 40, bytes: 148 },
  { length: 120, bytes: 230 },
]
const perDirectory = 200
const directories = 150

const script = fileURLToPath(new URL('../support/plan-bytes.mjs', import.meta.url))
const temporary = useTemporaryDirectory()

it.each(most)(
  'a planned change with a name of $length characters takes less than $bytes bytes',
  async limit => {
    for (let directory = 0; directory < directories; directory++) {
      const path = join(temporary.path, `source/d${directory}`)
      mkdirSync(path, { recursive: true })
      for (let file = 0; file < perDirectory; file++)
        writeFileSync(join(path, `f${file}`.padEnd(limit.length, '.')), '')
    }
    const { stdout, stderr } = await runProcess(process.execPath, [
      '--expose-gc',
      script,
      join(temporary.path, 'source'),
    ])
    expect(stderr).toBe('')
    const { changes, bytes }: { changes: number; bytes: number } = JSON.parse(stdout)
    expect(changes).toBe(directories * (perDirectory + 1) + 1)
    expect(bytes / changes).toBeLessThan(limit.bytes)
    // A plan that nobody held would take nothing.
    expect(bytes / changes).toBeGreaterThan(64)
  },
)
