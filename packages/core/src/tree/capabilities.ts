/** What of an entry this process can hold in the replica, in the way it names entries. */
import { readFileSync } from 'node:fs'
import { isDevice, type Kind } from '../model/entry.js'
import type { HeldWay } from '../model/report.js'
import type { OwnerRights } from './tree.js'

export interface Capabilities {
  readonly rights: OwnerRights
  /** Whether times can be set to the nanosecond. */
  readonly nanoseconds: boolean
  /** Whether FIFOs and sockets can be created. */
  readonly specialFiles: boolean
  readonly devices: boolean
}

export function capabilitiesOf(way: HeldWay, rights: OwnerRights): Capabilities {
  const native = way === 'libc'
  return { rights, nanoseconds: native, specialFiles: native, devices: native && mayMakeDevices() }
}

/** Whether an entry of a kind can be created. */
export function canCreate({ specialFiles, devices }: Capabilities, kind: Kind): boolean {
  if (isDevice(kind)) return devices
  return (kind !== 'fifo' && kind !== 'socket') || specialFiles
}

const CAP_MKNOD = 27n

function mayMakeDevices(): boolean {
  try {
    const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]
    return effective !== undefined && ((BigInt(`0x${effective}`) >> CAP_MKNOD) & 1n) === 1n
  } catch {
    // Then it is tried by root only.
    return process.geteuid?.() === 0
  }
}
