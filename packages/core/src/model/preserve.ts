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
  /**
   * Setuid and setgid of files, and the capabilities of programs. Without it no file of the replica has any, as far as
   * modes and extended attributes are mirrored; setgid of a directory only hands on its group, and is kept.
   */
  readonly suid: boolean
  /** Device files. Without it they are left out. */
  readonly devices: boolean
  /** FIFOs and sockets. Without it they are left out. */
  readonly specials: boolean
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
  suid: true,
  devices: true,
  specials: true,
  sparse: true,
}
