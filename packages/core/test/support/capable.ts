/** What a process can do that can do everything, unless told otherwise. */
import { preserveAll } from '../../src/model/preserve.js'
import type { HeldWay } from '../../src/model/report.js'
import { fullAbilities } from '../../src/tree/abilities.js'
import { type Capabilities, capabilitiesOf } from '../../src/tree/capabilities.js'
import { asRoot } from './trees.js'

export function capable(fields: Partial<Capabilities> = {}, way: HeldWay = 'libc'): Capabilities {
  const held = {
    user: 'held',
    trusted: 'held',
    security: 'held',
    acls: 'held',
    takesCapabilities: true,
  } as const
  const devices = way === 'libc' ? 'held' : 'unheld'
  const can = capabilitiesOf(way, asRoot, preserveAll, fullAbilities)
  return { ...can, devices, xattrs: way === 'libc' ? held : can.xattrs, ...fields }
}
