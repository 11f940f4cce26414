/**
 * The marker in a staging directory: it proves whose the directory is, and whether that run can still be alive.
 */
import { readFileSync } from 'node:fs'
import type { Name } from '../model/path.js'
import type { Directory, Tree } from './tree.js'

const stagingName = /^\.facsimile-[0-9a-f]{32}$/
export const markerName: Name = 'facsimile-staging.json' as Name
const longestMarker = 4096

/** Who stages: a process, told apart from later ones with the same number by its start and the boot. */
export interface Marker {
  readonly format: 'facsimile-staging-1'
  readonly pid: number
  readonly startTime: string
  readonly bootId: string
}

export function isStagingName(name: Name): boolean {
  return stagingName.test(name)
}

/** The marker of this process. */
export function ownMarker(): Marker {
  return {
    format: 'facsimile-staging-1',
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    bootId: bootId(),
  }
}

/**
 * Whether the run that wrote a marker is certainly gone: its process is, or it is this one, which knows its own.
 *
 * @param isLiving whether a run of this process that has not ended wrote it
 */
export function isDead(marker: Marker, isLiving = true): boolean {
  const boot = bootId()
  if (!isLiving && marker.pid === process.pid && marker.bootId === boot) return true
  // Without /proc, there or here, nothing is certain.
  if (marker.bootId === '' || boot === '') return false
  return marker.bootId !== boot || startTimeOf(marker.pid) !== marker.startTime
}

/** Reads the marker of a directory; undefined when it has none that is valid. */
export function readMarker(tree: Tree, parent: Directory, name: Name): Marker | undefined {
  try {
    const directory = tree.openDirectory(parent, name)
    try {
      const file = tree.openFile(directory, markerName)
      try {
        const bytes = new Uint8Array(longestMarker)
        return file.stat().kind === 'file'
          ? parseMarker(bytes.subarray(0, file.read(bytes, longestMarker)))
          : undefined
      } finally {
        file.close()
      }
    } finally {
      directory.close()
    }
  } catch {
    // Absent, unreadable or not JSON: whatever it is, it proves nothing.
    return undefined
  }
}

/** A marker from its bytes; undefined when they are none. */
export function parseMarker(bytes: Uint8Array): Marker | undefined {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { format, pid, startTime, bootId: boot } = value as Record<string, unknown>
  if (format !== 'facsimile-staging-1' || typeof pid !== 'number') return undefined
  if (typeof startTime !== 'string' || typeof boot !== 'string') return undefined
  return { format, pid, startTime, bootId: boot }
}

/** Field 22 of /proc/PID/stat; undefined when there is no such process, or no /proc. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return ''
  }
}
