// A replica that follows within a moment: each report is of one run, of all or of what was touched.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchFolders } from '@facsimile/core'

const folder = mkdtempSync(join(tmpdir(), 'facsimile-example-'))
const source = join(folder, 'source')
mkdirSync(source)
writeFileSync(join(source, 'a.txt'), 'a\n')

const watch = watchFolders({
  source,
  replica: join(folder, 'replica'),
  onState: ({ coverage, reason }) => console.log(coverage, reason ?? ''),
})
try {
  for await (const { scope, changes } of watch) {
    console.log(`${scope}: ${changes.create.done} created`)
    if (scope === 'touched') break
    // Stands for the life of the folder.
    mkdirSync(join(source, 'b'))
    writeFileSync(join(source, 'b', 'c.txt'), 'c\n')
  }
} finally {
  await watch[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
}
