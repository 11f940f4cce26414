// The least there is: makes one folder an exact copy of another.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { syncFolders } from '@facsimile/core'

const folder = mkdtempSync(`${tmpdir()}/facsimile-example-`)
mkdirSync(`${folder}/source`)
writeFileSync(`${folder}/source/hello.txt`, 'hello\n')

const report = await syncFolders({ source: `${folder}/source`, replica: `${folder}/replica` })
console.log(`${report.changes.create.done} created:`, readdirSync(`${folder}/replica`))

rmSync(folder, { recursive: true })
