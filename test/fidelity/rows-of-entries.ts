/** Which entries there are, and what is in them. */
import { Buffer } from 'node:buffer'
import { bytes } from '../support/byte-names.js'
import { makeDeepTree } from '../support/deep-tree.js'
import { hostileNames } from '../support/hostile-names.js'
import { device, fifo, hardLink, socket, sparseFile, symlink } from '../support/tree-literal.js'
import { isSameIn, type Row } from './row.js'

const mebibyte = 2 ** 20

export const entryRows: readonly Row[] = [
  {
    what: 'Content of files',
    source: { a: 'text', large: Buffer.alloc(3 * mebibyte, 'large'), empty: '', d: { b: 'b' } },
    kept: ['facsimile', '`rsync -aHAXS`', '`rclone sync`', '`cp -a`', '`fs.cp`'],
    isKept: isSameIn(['content', 'size']),
  },
  {
    what: 'Empty directories',
    source: { a: 'a', empty: { 'empty, too': {} } },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`', '`fs.cp`'],
    isKept: isSameIn([]),
  },
  {
    what: 'Names that are any bytes, targets of links too',
    source: {
      ...Object.fromEntries(hostileNames.map(name => [name, name])),
      link: symlink(`to ${bytes('ff')}`),
    },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: isSameIn(['content', 'target']),
  },
  {
    what: 'Paths longer than 4,096 bytes',
    source: {},
    prepare: source => makeDeepTree(source, 300),
    kept: ['facsimile'],
    isKept: isSameIn(['content']),
  },
  {
    what: 'Symbolic links as they are',
    source: {
      a: 'a',
      relative: symlink('./a'),
      absolute: symlink('/etc/hostname'),
      dangling: symlink('nowhere'),
      itself: symlink('itself'),
      folder: symlink('..'),
    },
    kept: ['facsimile', '`rsync -aHAXS`', '`rclone sync`', '`cp -a`', '`fs.cp`'],
    isKept: isSameIn(['target']),
  },
  {
    what: 'FIFOs, sockets, devices',
    source: {
      a: 'a',
      pipe: fifo(),
      door: socket(),
      null: device('character device', [1, 3]),
      disk: device('block device', [7, 200]),
    },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: isSameIn(['device']),
  },
  {
    what: 'Hard links',
    source: { a: 'one file', b: hardLink('a'), d: { c: hardLink('a') }, other: 'another' },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: isSameIn(['hard links', 'content'], { hardLinks: true }),
  },
  {
    what: 'Holes of sparse files',
    source: {
      holey: sparseFile(
        Buffer.concat([Buffer.alloc(mebibyte), Buffer.alloc(4096, 'x'), Buffer.alloc(mebibyte)]),
      ),
      hole: sparseFile(Buffer.alloc(mebibyte)),
    },
    kept: ['facsimile', '`rsync -aHAXS`', '`cp -a`'],
    isKept: isSameIn(['blocks', 'content', 'size'], { blocksWithin: 65_536 }),
  },
]
