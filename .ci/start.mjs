// `npm start -- ...`: sets the work tree up where that is needed, then is the command, in this very process.
import { fileURLToPath } from 'node:url'
import { fail, prepare } from './prepare.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const main = new URL('../packages/cli/bundle/main.js', import.meta.url)

prepare()
  .then(async () => {
    // npm runs scripts in the top folder and says where the user stands; paths are relative to that.
    const stands = process.env.INIT_CWD
    if (stands !== undefined && isRoot(process.cwd())) process.chdir(stands)
    process.argv = [process.execPath, fileURLToPath(main), ...process.argv.slice(2)]
    await import(main.href)
  })
  .catch(fail)

/** @param {string} folder */
function isRoot(folder) {
  return `${folder}/`.replaceAll('\\', '/') === root.replaceAll('\\', '/')
}
