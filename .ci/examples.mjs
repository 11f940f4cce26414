// Runs each example as it stands, in a folder of its own; an example ends by itself, and with 0.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { inTemporaryFolder, root, run } from './command.mjs'
import { fail, prepare } from './prepare.mjs'

prepare()
  .then(() => {
    const folder = path.join(root, 'examples')
    const examples = fs
      .readdirSync(folder)
      .filter(name => name.endsWith('.mjs'))
      .sort()
    if (examples.length === 0) throw new Error('there is no example')
    for (const example of examples) {
      console.log(`examples/${example}`)
      inTemporaryFolder(at => console.log(run(process.execPath, [path.join(folder, example)], at)))
    }
  })
  .catch(fail)
