// A file is one idea: no source is longer than this.
import * as fs from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const LIMIT = 250

const packages = new URL('../packages/', import.meta.url)
const long = fs
  .readdirSync(packages, { recursive: true, encoding: 'utf8' })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => /^[^/]+\/src\/.*\.ts$/.test(file))
  .map(file => ({
    file,
    lines: fs.readFileSync(fileURLToPath(new URL(file, packages)), 'utf8').split('\n').length - 1,
  }))
  .filter(({ lines }) => lines > LIMIT)

for (const { file, lines } of long) console.error(`packages/${file}: ${lines} lines, ${LIMIT} at most`)
process.exitCode = long.length === 0 ? 0 : 1
