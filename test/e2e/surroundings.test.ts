/** What the library says when the process it is in lacks something. */
import { describe, expect, it } from 'vitest'
import { useFolders } from '../support/mirror.js'
import { runProcess } from '../support/run.js'
import { compareTrees } from '../support/compare-trees.js'
import { writeTree } from '../support/write-tree.js'

const folders = useFolders()
const index = new URL('../../packages/core/dist/index.js', import.meta.url).href
const syncWithModule = new URL('../../packages/core/dist/sync-folders.js', import.meta.url).href

/** Runs the library after some statements; puts out the code and the message of what it rejects with. */
async function runAfter(statements: string): Promise<string> {
  writeTree(folders.source, { a: 'a' })
  const { source, replica } = folders
  const script = `
    import { syncFolders } from ${JSON.stringify(index)}
    ${statements}
    await syncFolders(${JSON.stringify({ source, replica })}).then(
      () => console.log('done'), error => console.log(error.code, error.message))`
  const args = ['--input-type=module', '-e', script]
  return (await runProcess(process.execPath, args, { cwd: folders.path, env: { HOME: folders.path } })).stdout
}

describe.skipIf(process.platform !== 'linux')('a process', () => {
  it('E05: under the permission model does not run, and says so', async () => {
    const said = await runAfter('process.permission = { has: () => true }')
    expect(said).toMatch(/^invalid-options Node's permission model forbids/)
  })

  it('whose working directory is gone is told so', async () => {
    const gone = `import fs from 'node:fs'; fs.mkdirSync('gone'); process.chdir('gone'); fs.rmdirSync('../gone')`
    expect(await runAfter(gone)).toMatch(
      /^invalid-options the working directory of this process no longer exists/,
    )
  })

  it('may have a state folder in /proc, where nothing can be made', async () => {
    writeTree(folders.source, { a: 'a' })
    const script = `
      import { syncFolders } from ${JSON.stringify(index)}
      const { source, replica } = ${JSON.stringify({ source: folders.source, replica: folders.replica })}
      await syncFolders({ source, replica, stateFolder: '/proc/none/facsimile' })`
    const ran = await runProcess(process.execPath, ['--input-type=module', '-e', script], {
      timeoutMs: 20_000,
    })
    expect([ran.code, ran.timedOut]).toEqual([0, false])
    expect(compareTrees(folders.source, folders.replica)).toEqual([])
  })

  it.each([[['--input-type=module']], [['--input-type', 'module']]])(
    'that has its code from the command line has threads, too: %j',
    async flags => {
      writeTree(folders.source, { a: 'a' })
      const { source, replica, path } = folders
      const script = `
        import { syncWith } from ${JSON.stringify(syncWithModule)}
        process.on('worker', worker => worker.on('message', ({ type }) => console.log(type)))
        const options = ${JSON.stringify({ source, replica, stateFolder: `${path}/state`, concurrency: 2 })}
        const report = await syncWith(options, { threadsAtOnce: true })
        console.log(report.exitCode)`
      const { stdout, stderr } = await runProcess(process.execPath, [...flags, '-e', script])
      expect([stderr, stdout.split('\n').filter(line => line === 'ready' || line === '0')]).toEqual([
        '',
        ['ready', 'ready', '0'],
      ])
    },
  )
})
