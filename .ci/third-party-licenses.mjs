// A plugin of the bundler: what is joined into the published files is published with its licences.
import * as fs from 'node:fs'
import * as path from 'node:path'

/**
 * Writes the licence of every package whose modules are in the bundle. A package without one ends the build.
 * @returns {import('rolldown').Plugin}
 */
export function thirdPartyLicenses() {
  return {
    name: 'third-party-licenses',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap(file => (file.type === 'chunk' ? file.moduleIds : []))
      const folders = new Set(modules.flatMap(packageFolder))
      if (folders.size === 0) return
      const notices = [...folders].map(notice).sort()
      const source = `What is joined into these files, besides facsimile's own code.\n${notices.join('')}`
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source })
    },
  }
}

/** The folder of the installed package that a module is of, if it is of one. @param {string} module */
function packageFolder(module) {
  const found = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module)
  return found === null ? [] : [found[0]]
}

/** @param {string} folder */
function notice(folder) {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  const file = fs.readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
  if (file === undefined) throw new Error(`${name} has no licence file: it cannot be published with us`)
  const text = fs.readFileSync(path.join(folder, file), 'utf8').trim()
  return `\n${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`
}
