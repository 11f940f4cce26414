// The first command of the README on a fresh clone, from a folder of the user's own, with relative paths: it sets itself up,
// mirrors, and the second time does neither.
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { inTemporaryFolder, root, run } from './command.mjs'

inTemporaryFolder(folder => {
  const clone = path.join(folder, 'clone')
  // What is committed or about to be; the owner of the work tree does not matter.
  const trusting = {
    ...process.env,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
  }
  const listed = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root, trusting)
  for (const file of listed.split('\0').filter(name => name !== '' && fs.existsSync(path.join(root, name)))) {
    fs.cpSync(path.join(root, file), path.join(clone, file))
  }

  const stands = path.join(clone, 'somewhere')
  fs.mkdirSync(path.join(stands, 'source', 'inner'), { recursive: true })
  fs.writeFileSync(path.join(stands, 'source', 'inner', 'file'), 'content\n')
  const first = run('npm', ['start', '--', 'source', 'replica'], stands)
  console.log(first)
  assert.equal(fs.readFileSync(path.join(stands, 'replica', 'inner', 'file'), 'utf8'), 'content\n')

  const dist = fs.statSync(path.join(clone, 'packages/cli/bundle/main.js')).mtimeMs
  run('npm', ['start', '--', 'source', 'replica'], stands)
  assert.equal(fs.statSync(path.join(clone, 'packages/cli/bundle/main.js')).mtimeMs, dist)
})
