/**
 * A module for worker threads with jobs that tests need: Node runs no TypeScript everywhere, so the inside of a
 * worker thread is translated into a folder, beside the jobs.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'

const sources = new URL('../../src/run/', import.meta.url)

const jobs = `
import { threadId, workerData } from 'node:worker_threads'
import { serve } from './thread.js'
const { thread, marks } = workerData
const seen = new Int32Array(marks)
serve({
  run: {
    *echo(input) { yield; return input },
    *where() { return { thread, threadId } },
    *fail(input) { yield; throw Object.assign(new TypeError(input), { code: 'EPLANTED' }) },
    *columns(input) { return { cells: input.cells.map(cell => cell * 2n) } },
    *crash() { process.exit(7) },
    *blow() { setImmediate(() => { throw new Error('blown') }); return 'before' },
    *wait() { Atomics.add(seen, 0, 1); Atomics.notify(seen, 0); Atomics.wait(seen, 1, 0); return thread },
  },
  close: () => Atomics.add(seen, 2, 1),
})
`

/** Writes the module into a folder; `broken` is one that fails before it is ready. */
export function workerModule(folder: string, broken = false): URL {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const name of ['thread', 'messages']) {
    const source = readFileSync(fileURLToPath(new URL(`${name}.ts`, sources)), 'utf8')
    const options = {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
    }
    writeFileSync(
      join(folder, `${name}.js`),
      ts.transpileModule(source, { compilerOptions: options }).outputText,
    )
  }
  const file = join(folder, 'worker.js')
  writeFileSync(file, broken ? 'throw new Error("broken")' : jobs)
  return pathToFileURL(file)
}

/** Cells that the workers and a test share: threads waiting, whether they may go on, and how many closed. */
export class Marks {
  readonly shared: SharedArrayBuffer = new SharedArrayBuffer(12)
  private readonly cells: Int32Array<SharedArrayBuffer> = new Int32Array(this.shared)

  get waiting(): number {
    return Atomics.load(this.cells, 0)
  }

  get closed(): number {
    return Atomics.load(this.cells, 2)
  }

  letGo(): void {
    Atomics.store(this.cells, 1, 1)
    Atomics.notify(this.cells, 1)
  }
}
