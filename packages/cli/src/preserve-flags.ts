/** Flags that switch off what is mirrored of an entry besides its name and content. */
import type { Flag } from './flag.js'

export const preserveFlags: readonly Flag[] = [
  {
    long: '--no-owner',
    option: 'preserve',
    sets: { owner: false },
    group: 'What is kept of it',
    help: 'do not mirror owner and group: existing entries keep theirs',
  },
  {
    long: '--no-mode',
    option: 'preserve',
    sets: { mode: false },
    group: 'What is kept of it',
    help: 'do not mirror permissions: existing entries keep theirs, new ones follow the umask',
  },
  {
    long: '--no-times',
    option: 'preserve',
    sets: { times: false },
    group: 'What is kept of it',
    help: 'do not mirror modification times; needs --checksum, for they tell what changed',
  },
  {
    long: '--no-links',
    option: 'preserve',
    sets: { links: false },
    group: 'What is kept of it',
    help: 'leave out symbolic links',
  },
  {
    long: '--no-hard-links',
    option: 'preserve',
    sets: { hardLinks: false },
    group: 'What is kept of it',
    help: 'copy each name of a file as a file of its own',
  },
  {
    long: '--no-xattrs',
    option: 'preserve',
    sets: { xattrs: false },
    group: 'What is kept of it',
    help: 'do not mirror extended attributes',
  },
  {
    long: '--no-acls',
    option: 'preserve',
    sets: { acls: false },
    group: 'What is kept of it',
    help: 'do not mirror access control lists',
  },
  {
    long: '--no-devices',
    option: 'preserve',
    sets: { devices: false },
    group: 'What is kept of it',
    help: 'leave out device files',
  },
  {
    long: '--no-specials',
    option: 'preserve',
    sets: { specials: false },
    group: 'What is kept of it',
    help: 'leave out FIFOs and sockets',
  },
  {
    long: '--no-suid',
    option: 'preserve',
    sets: { suid: false },
    group: 'What is kept of it',
    help: 'let no file of the replica have setuid, setgid or capabilities: for a source that is not trusted',
  },
  {
    long: '--no-sparse',
    option: 'preserve',
    sets: { sparse: false },
    group: 'What is kept of it',
    help: 'write holes in files as zeros',
  },
]
