import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bufferOf, bytesOfText } from './byte-names.js'
import { canMake, fileSystems, namesFor } from './file-systems.js'
import { startJanitor } from './janitor.js'
import { isMounted, mountFileSystem } from './mounted.js'
import { canMount, run } from './mounts.js'
import { useTemporaryDirectory } from './temp.js'

const temporary = useTemporaryDirectory()

describe.each(fileSystems)('$name', fileSystem => {
  it.runIf(canMake(fileSystem))('is made, mounted and gone again', () => {
    const { keeps } = fileSystem
    const mounted = mountFileSystem(fileSystem)
    const { path } = mounted
    expect(isMounted(path)).toBe(true)
    const names = namesFor(keeps)
    expect(names.length).toBeGreaterThan(10)
    for (const name of names) writeFileSync(bufferOf(bytesOfText(`${path}/${name}`)), name)
    expect(readdirSync(path).filter(name => name !== 'lost+found')).toHaveLength(names.length)
    const first = '-rf'
    utimesSync(join(path, first), 1_234_567_890, 1_234_567_890)
    expect(statSync(join(path, first)).mtimeMs).toBe(1_234_567_890_000)
    mounted[Symbol.dispose]()
    mounted[Symbol.dispose]()
    expect(isMounted(path)).toBe(false)
    expect(existsSync(dirname(path))).toBe(false)
  })
})

it.runIf(canMount)('what is mounted goes with who mounted it, whatever ends that', async () => {
  const folder = join(temporary.path, 'folder')
  const [outer, inner] = [join(folder, 'outer'), join(folder, 'outer', 'inner')]
  for (const at of [folder, outer]) mkdirSync(at)
  run('mount', ['-t', 'tmpfs', 'none', outer])
  mkdirSync(inner)
  run('mount', ['-t', 'tmpfs', 'none', inner])
  const janitor = startJanitor(folder, [inner, outer])
  // As the system does when we are gone.
  janitor.stdin?.destroy()
  await once(janitor, 'exit')
  expect([isMounted(inner), isMounted(outer), existsSync(folder)]).toEqual([false, false, false])
})
