/** What of an entry is mirrored besides its name and content. */
export interface Preserve {
  /** Owner and group. */
  readonly owner: boolean
  /** Permission bits, with setuid, setgid and sticky. */
  readonly mode: boolean
  readonly times: boolean
  /** Symbolic links. Without it what is a link in the source is left out. */
  readonly links: boolean
  /** Which names are one file. Without it each is a file of its own. */
  readonly hardLinks: boolean
  /** Extended attributes, but for access control lists. */
  readonly xattrs: boolean
  /** Access control lists. */
  readonly acls: boolean
  /** FIFOs, sockets and devices. Without it they are left out. */
  readonly devices: boolean
  /** Holes in files. Without it they are written as zeros. */
  readonly sparse: boolean
}

export const preserveAll: Preserve = {
  owner: true,
  mode: true,
  times: true,
  links: true,
  hardLinks: true,
  xattrs: true,
  acls: true,
  devices: true,
  sparse: true,
}
