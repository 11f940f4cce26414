/** A tree with one of everything that a Linux file system can hold, and that tools forget. Takes root. */
import { Buffer } from 'node:buffer'
import { aclValue, capabilityValue } from './attribute-values.js'
import { bytes } from './byte-names.js'
import { hostileNames } from './hostile-names.js'
import {
  device,
  directory,
  fifo,
  file,
  hardLink,
  type LiteralNode,
  socket,
  sparseFile,
  symlink,
} from './tree-literal.js'

const acl = aclValue(
  ['user', 6],
  ['user', 4, 1000],
  ['group', 4],
  ['group', 6, 1001],
  ['mask', 6],
  ['other', 0],
)
const defaultAcl = aclValue(['user', 7], ['user', 5, 1000], ['group', 5], ['mask', 7], ['other', 1])
const before1970 = '1969-07-20T20:17:40.000000001Z'
const after2038 = '2106-02-07T06:28:16.999999999Z'

/** With a mebibyte of nothing in front, between and behind. */
const holey: Buffer = Buffer.concat([
  Buffer.alloc(2 ** 20),
  Buffer.alloc(4096, 'data'),
  Buffer.alloc(2 ** 20),
  Buffer.alloc(1, 'x'),
  Buffer.alloc(2 ** 20),
])

export const richTree: LiteralNode = directory(
  {
    file: file('content', { mtime: '2020-01-02T03:04:05.123456789Z' }),
    empty: file('', { mode: 0 }),
    large: file(Buffer.alloc(300_000, 'large'), { mode: 0o400, uid: 1000, gid: 1001 }),
    setuid: file('#!', { mode: 0o6755, uid: 1000, gid: 1001 }),
    early: file('e', { mtime: before1970 }),
    late: file('l', { mtime: after2038 }),
    sparse: sparseFile(holey),
    'only a hole': sparseFile(Buffer.alloc(100_000)),
    names: directory(Object.fromEntries(hostileNames.map(name => [name, name])), {
      mtime: before1970,
      mode: 0o1777,
    }),
    nothing: directory({}, { mode: 0o2755, gid: 1001, mtime: after2038 }),
    shut: directory({ in: directory({ deep: 'd' }, { mode: 0o555 }) }, { mode: 0 }),
    links: {
      relative: symlink('../file', { mtime: '2001-02-03T04:05:06.000000007Z', uid: 1000, gid: 1001 }),
      absolute: symlink('/etc/hostname', { mtime: before1970 }),
      directory: symlink('../names'),
      dangling: symlink('nowhere'),
      itself: symlink('itself'),
      bytes: symlink(`to ${bytes('ff')}\n`),
    },
    one: file('of three', { xattrs: { 'user.shared': 'yes' } }),
    two: hardLink('one'),
    more: {
      three: hardLink('one'),
      'link again': hardLink('links/dangling'),
      pipe: hardLink('specials/fifo'),
    },
    specials: {
      fifo: fifo({ mode: 0o620, mtime: before1970 }),
      socket: socket({ mode: 0o600 }),
      character: device('character device', [1, 3], { mode: 0o666, uid: 1000 }),
      block: device('block device', [300, 70_000]),
    },
    attributes: directory(
      {
        some: file('s', {
          xattrs: {
            'user.text': 'text',
            'user.binary': bytes('00 ff 0a 00'),
            'user.empty': '',
            'trusted.t': 't',
          },
        }),
        capable: file('#!', {
          mode: 0o755,
          uid: 1000,
          xattrs: { 'security.capability': capabilityValue(10) },
        }),
        listed: file('l', { mode: 0o660, xattrs: { 'system.posix_acl_access': acl } }),
        link: symlink('some', { xattrs: { 'trusted.of a link': 'l' } }),
        inherits: directory({ below: 'b' }, { xattrs: { 'system.posix_acl_default': defaultAcl } }),
      },
      { xattrs: { 'user.directory': 'd', 'system.posix_acl_access': acl } },
    ),
  },
  { mode: 0o750, mtime: '2011-11-11T11:11:11.111111111Z', xattrs: { 'user.root': 'r' } },
)
