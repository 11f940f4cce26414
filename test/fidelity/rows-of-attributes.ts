/** What entries are like. */
import { aclValue, capabilityValue } from '../support/attribute-values.js'
import { bytes } from '../support/byte-names.js'
import { exactly } from '../support/compare-trees.js'
import { directory, file, symlink } from '../support/tree-literal.js'
import { isSameIn, type Row } from './row.js'

const acl = aclValue(['user', 6], ['user', 4, 1000], ['group', 4], ['mask', 6], ['other', 0])
const isTimeKept = isSameIn(['mtime'], exactly)
const hasAttributes = isSameIn(['extended attribute'], exactly)
const usual = { mtime: '2020-01-02T03:04:05.000000000Z' }

export const attributeRows: readonly Row[] = [
  {
    what: 'Owner and group of files',
    source: { a: file('', { uid: 1000, gid: 1001 }) },
    kept: ['facsimile', '`rsync -aHAXS`', '`rclone sync`', '`cp -a`'],
    isKept: isSameIn(['uid', 'gid']),
  },
  {
    what: 'Owner and group of directories',
    source: { d: directory({ b: '' }, { uid: 65_534, gid: 2 }) },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: isSameIn(['uid', 'gid']),
  },
  {
    what: 'Permission bits of files',
    source: { a: file('', { mode: 0o640 }), shut: file('', { mode: 0 }) },
    kept: ['facsimile', '`rsync -aHAXS`', '`rclone sync`', '`cp -a`', '`fs.cp`'],
    isKept: isSameIn(['mode']),
  },
  {
    what: 'Permission bits of directories',
    source: { d: directory({ b: '' }, { mode: 0o700 }), e: directory({ c: '' }, { mode: 0o555 }) },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`', '`fs.cp`'],
    isKept: isSameIn(['mode']),
  },
  {
    what: 'Setuid and setgid of programs, with their owner',
    source: {
      a: file('#!', { mode: 0o4755, uid: 1000 }),
      b: file('#!', { mode: 0o2755, gid: 1001 }),
    },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: isSameIn(['mode', 'uid', 'gid']),
  },
  {
    what: 'Sticky bit and setgid of directories',
    source: { d: directory({ a: '' }, { mode: 0o1777 }), e: directory({ b: '' }, { mode: 0o2775 }) },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`', '`fs.cp`'],
    isKept: isSameIn(['mode']),
  },
  {
    what: 'Times of files, to the nanosecond',
    source: { a: file('', { mtime: '2020-01-02T03:04:05.123456789Z' }) },
    kept: ['facsimile', '`rsync -aHAXS`', '`rclone sync`', '`cp -a`'],
    isKept: isTimeKept,
  },
  {
    what: 'Times of files before 1970',
    source: { a: file('', { mtime: '1969-07-20T20:17:40Z' }) },
    kept: ['facsimile', '`rsync -aHAXS`', '`rclone sync`', '`cp -a`', '`fs.cp`'],
    isKept: isTimeKept,
  },
  {
    what: 'Times of directories',
    source: { d: directory({ a: file('', usual), e: directory({}, usual) }, usual) },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: isTimeKept,
  },
  {
    what: 'Times and owners of symbolic links',
    source: { a: symlink('nowhere', { ...usual, uid: 1000, gid: 1001 }) },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: isSameIn(['mtime', 'uid', 'gid'], exactly),
  },
  {
    what: 'Extended attributes of files (`user`)',
    source: { a: file('', { xattrs: { 'user.text': 'text' } }) },
    kept: ['facsimile', '`rsync -aHAXS`', '`rclone sync`', '`cp -a`'],
    isKept: hasAttributes,
  },
  {
    what: 'Those of any bytes, empty ones, and of directories',
    source: {
      a: file('', { xattrs: { 'user.bytes': bytes('00 ff 0a'), 'user.empty': '', 'user.Upper': 'u' } }),
      d: directory({ b: '' }, { xattrs: { 'user.text': 'text' } }),
    },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: hasAttributes,
  },
  {
    what: 'Those of the system (`trusted`), of links too',
    source: {
      a: file('', { xattrs: { 'trusted.t': 't' } }),
      l: symlink('a', { xattrs: { 'trusted.t': 't' } }),
    },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: hasAttributes,
  },
  {
    what: 'Capabilities of programs (`security.capability`)',
    source: {
      a: file('#!', { mode: 0o755, uid: 1000, xattrs: { 'security.capability': capabilityValue(10) } }),
    },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: hasAttributes,
  },
  {
    what: 'Access control lists',
    source: {
      a: file('', { xattrs: { 'system.posix_acl_access': acl } }),
      d: directory({}, { xattrs: { 'system.posix_acl_access': acl } }),
    },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: hasAttributes,
  },
  {
    what: 'Default access control lists of directories',
    source: {
      d: directory({ a: '', e: {} }, { xattrs: { 'system.posix_acl_default': acl } }),
    },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: hasAttributes,
  },
]
