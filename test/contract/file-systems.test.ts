/** The contract for trees on each file system that can be mounted here, in each way. */
import { describe, expect, it } from 'vitest'
import { canMake, fileSystems } from '../support/file-systems.js'
import { canMount } from '../support/mounts.js'
import { useFileSystem } from '../support/mounted.js'
import { treeContract } from './tree.js'
import { ways } from './ways.js'

describe.each(fileSystems.filter(canMake))('on $name', fileSystem => {
  const mounted = useFileSystem(fileSystem)

  describe.each(ways)('a local tree by $named', ({ open, promises }) => {
    treeContract(open, { ...promises, keeps: fileSystem.keeps }, mounted)
  })
})

it('are mounted where this machine can', () => {
  expect(fileSystems.some(canMake)).toBe(canMount)
})
