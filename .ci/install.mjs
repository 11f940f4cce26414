// Installs the packed packages into an empty folder and uses them as a stranger would: the command by npx, the library by
// import and by require. The tree is large enough for the threads to take over, so that their entry is seen to be packed.
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { inTemporaryFolder, root, run, tarballs } from './command.mjs'

const FOLDERS = 60
const FILES = 50

inTemporaryFolder(folder => {
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n')
  run('npm', ['install', '--no-audit', '--no-fund', tarballs.core, tarballs.cli], folder)

  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'packages/cli/package.json'), 'utf8'))
  assert.equal(run('npx', ['--no-install', 'facsimile', '--version'], folder).trim(), version)

  plant(path.join(folder, 'source'))
  run('npx', ['--no-install', 'facsimile', 'source', 'by-command'], folder)
  assertMirrored(folder, 'by-command')

  const use = `({ syncFolders, planSync, checkFolders }, replica) => {
  if (typeof planSync !== 'function' || typeof checkFolders !== 'function') throw new Error('a function is missing')
  syncFolders({ source: 'source', replica }).then(report => {
    if (report.exitCode !== 0) throw new Error(JSON.stringify(report))
  })
}`
  fs.writeFileSync(
    path.join(folder, 'use.mjs'),
    `import * as core from '@facsimile/core'\n;(${use})(core, 'by-import')\n`,
  )
  fs.writeFileSync(path.join(folder, 'use.cjs'), `;(${use})(require('@facsimile/core'), 'by-require')\n`)
  run(process.execPath, ['use.mjs'], folder)
  assertMirrored(folder, 'by-import')
  run(process.execPath, ['use.cjs'], folder)
  assertMirrored(folder, 'by-require')
})

/** @param {string} source */
function plant(source) {
  for (let folder = 0; folder < FOLDERS; folder++) {
    const at = path.join(source, `folder ${folder}`)
    fs.mkdirSync(at, { recursive: true })
    for (let file = 0; file < FILES; file++)
      fs.writeFileSync(path.join(at, `${file}.txt`), `${folder} ${file}\n`)
  }
}

/** @param {string} folder @param {string} replica */
function assertMirrored(folder, replica) {
  assert.deepEqual(contents(path.join(folder, replica)), contents(path.join(folder, 'source')), replica)
}

/** @param {string} folder */
function contents(folder) {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => {
      const stats = fs.statSync(path.join(folder, name))
      return stats.isDirectory() ? `${name}/` : `${name} ${fs.readFileSync(path.join(folder, name), 'utf8')}`
    })
}
