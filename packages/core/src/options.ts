import type { Comparer, Filter, Hasher } from './caller-functions.js'
import type { SyncEvents } from './model/events.js'
import type { Preserve } from './model/preserve.js'

/** How entries are named to the system. */
export type HeldOption = 'auto' | 'libc' | 'proc' | 'paths'

/** What {@link syncFolders} takes. Unknown and conflicting options are refused with a `SyncError`. */
export interface SyncOptions {
  /** The folder to be mirrored. Never written to. A trailing slash means nothing. */
  readonly source: string
  /** The folder that becomes an exact copy. Created if it is missing; its parent must exist. */
  readonly replica: string
  /**
   * Globs, relative to the roots, of what belongs to the mirror; each also takes what lies below it. A pattern
   * without a slash matches at any depth. `a/**` is what lies in `a`, and not `a` itself.
   * @default ['**']
   */
  readonly include?: readonly string[]
  /**
   * Globs of what does not belong to the mirror; a directory's whole content with it, and `a/**` its content only. What
   * is excluded is
   * protected in the replica, unless `deleteExcluded`.
   * @default []
   */
  readonly exclude?: readonly string[]
  /**
   * What belongs to the mirror and what does not, as `+ GLOB` and `- GLOB`: the first that matches a path decides, and
   * what none matches belongs to it. Unlike `include` and `exclude`, a rule is about what its glob matches, and not about
   * what lies below; but what lies in a directory that was left out is left out with it, and never looked at. A glob that
   * begins with a slash matches at the top only. What is left out is treated like what `exclude` does.
   * @default []
   */
  readonly rules?: readonly string[]
  /**
   * Exactly these paths of the source belong to the mirror, each as text or as its bytes: a directory with all below it, and
   * the directories on the way. Nothing else is listed, compared or deleted. One that the source does not have is a
   * problem (23), and what the replica has there stays. Filters hold besides; not together with `include`.
   */
  readonly files?: readonly (string | Uint8Array)[]
  /**
   * What ignore files are called, such as `'.gitignore'`: in any directory of the source, with git's own rules, for all below
   * it. What they leave out is treated like what `exclude` does, and so are they themselves not: they are mirrored.
   */
  readonly ignoreFile?: string
  /**
   * Only files of at least so many bytes belong to the mirror. Others are treated like what is excluded: neither copied nor
   * deleted. One that only the replica has is judged by itself.
   */
  readonly minSize?: number
  /** Only files of at most so many bytes. */
  readonly maxSize?: number
  /** Only files modified after this. */
  readonly newer?: Date
  /** Only files modified before this. */
  readonly older?: Date
  /**
   * The caller's own judgement, after the globs. What it refuses with false is treated like what is excluded; it has to
   * answer true or false, and no promise.
   */
  readonly filter?: Filter
  /**
   * When a file of equal kind counts as unchanged. `metadata`: same size and modification time; where the time
   * alone differs, same bytes. `content`: same bytes (same digest, when `hasher` is given). Or a function, which answers
   * true or false, or promises to.
   * @default 'metadata'
   */
  readonly compare?: 'metadata' | 'content' | Comparer
  /**
   * Computes a digest of each file copied, told in its outcome; with `compare: 'content'` also what files are
   * compared by. `'xxh64'`, a name that `node:crypto` knows, or an object.
   */
  readonly hasher?: string | Hasher
  /**
   * Whether `compare: 'content'` remembers, in `stateFolder`, what both sides of each file were when their contents were found
   * equal: device, inode, size, times of content and of any change, and a digest. A file of which all of it is the same is not read again. Kept by
   * runs that come to their end, for Linux and file systems that tell of each change; a `hasher` object and a comparer go without.
   * @default true
   */
  readonly hashMemory?: boolean
  /**
   * Reads this share of what is remembered as unchanged again in each run, such as `'2%'`, another one each time until all
   * had its turn. A file whose bytes changed though its size and times did not is a problem (`rot`, 23): one in the replica is
   * copied anew, and a copy in the replica is kept where the source's is bad. Needs `compare: 'content'`.
   */
  readonly scrub?: `${number}%`
  /**
   * Whether what the source does not have is deleted from the replica.
   * @default true
   */
  readonly delete?: boolean
  /**
   * Whether what is excluded is deleted from the replica too.
   * @default false
   */
  readonly deleteExcluded?: boolean
  /**
   * Refuses the whole run (25) when more entries would be deleted: a number, or a percentage of the entries in
   * scope in the replica, such as `'50%'`. Every entry inside a removed directory counts; `'100%'` lets all pass.
   * Without it a run is refused when the replica would shrink, net of what is created, by more than half and by more
   * than 100 entries.
   */
  readonly maxDelete?: number | `${number}%`
  /**
   * Whether what was only renamed or moved in the source is renamed in the replica, instead of being copied and deleted.
   * Known by size and modification time to the nanosecond; where several are alike, or the time was set by hand, by
   * content. Without `delete` nothing is renamed, for the old name would be gone.
   * @default true
   */
  readonly renames?: boolean
  /**
   * Allows a source with nothing in scope to empty a replica that holds something.
   * @default false
   */
  readonly allowEmptySource?: boolean
  /**
   * Takes the source as it is, and remembers it. Otherwise one that lies on another file system than at the last good
   * run, or is another folder, may not take from the replica what it had; see `stateFolder`.
   * @default false
   */
  readonly allowNewSource?: boolean
  /**
   * Allows the replica to be a folder of the system, such as `/` or `/home`, the home of a user, or one above it.
   * @default false
   */
  readonly allowSystemReplica?: boolean
  /**
   * Leaves out other file systems mounted below the source, with the directories they are mounted on. In the replica
   * what has their names is protected, unless `deleteExcluded`.
   * @default false
   */
  readonly oneFileSystem?: boolean
  /**
   * What becomes of symbolic links of the source. `preserve`: they are mirrored as links. `skip`: they are left out, and
   * what the replica has in their place is treated like what is excluded; so is a link that only the replica has.
   * `follow`: what a link leads to is mirrored in its place, directories with all they hold, also from outside the
   * source. One that leads nowhere, or to a directory that it lies in, is a problem (23), and what the replica has in its
   * place stays. Links of the replica are never followed.
   * @default 'preserve'
   */
  readonly links?: 'preserve' | 'follow' | 'skip'
  /**
   * What is mirrored of an entry besides its name and content; all of it, unless said otherwise. What is switched off
   * is neither compared nor set, and is no residual: existing entries keep theirs, also when their content is written
   * anew, but for setuid and setgid; new ones have what the system gives them. Without `mode` there are no `acls`. Without `times` something else must tell what changed, so `compare` may not be `'metadata'`.
   * @default all of them
   */
  readonly preserve?: Partial<Preserve>
  /**
   * Reads each copied file back and compares it with what was read from the source.
   * @default false
   */
  readonly verify?: boolean
  /**
   * Waits while another run writes to the replica, until that ends or `signal` is aborted, and reads both sides only
   * then; without it such a run is refused (27). Where another run makes the replica meanwhile, all is planned anew, and
   * `plan` is told once more.
   * @default false
   */
  readonly wait?: boolean
  /**
   * Makes what a run reports as done survive a power cut: what is new reaches the storage before it gets its name, and
   * deletions and attributes reach it before the run ends with 0. It costs time, little where files are many or large.
   * @default false
   */
  readonly durable?: boolean
  /**
   * How many bytes of files are copied a second, by all threads together, to each of several replicas; what is only
   * compared is not limited. Blocks are then not shared with the source, as that would copy a file at once.
   */
  readonly bwlimit?: number
  /**
   * Goes on with big files (8 MiB and more) that an earlier run with this option was copying when it was killed or stopped:
   * what is there of them is compared with the source, and only the rest is copied. Until the next run they lie in a
   * staging directory in the replica's root; one without this option removes them.
   * @default false
   */
  readonly partial?: boolean
  /**
   * A folder, outside both roots, where each run keeps what it overwrites or deletes, so that `undoRun` can put the replica
   * back. Made if it is missing. On the replica's file system that takes no room but for names; on another one it is copied.
   * What cannot be kept is neither overwritten nor deleted (23). Runs that change nothing leave nothing there.
   */
  readonly backupDir?: string
  /**
   * How many runs `backupDir` keeps of this replica, such as `10`, or for how many days, such as `'30d'`: older ones are
   * removed after a run that ended with 0. Needs `backupDir`.
   * @default all of them
   */
  readonly keep?: number | `${number}d`
  /**
   * Plans and reports, but changes nothing and takes no lock.
   * @default false
   */
  readonly dryRun?: boolean
  /**
   * Counts what the replica cannot hold as a failure (23).
   * @default false
   */
  readonly strict?: boolean
  /**
   * How many workers compare and copy at once. `1` does all in the caller's thread, in slices. `'auto'` starts
   * there and takes worker threads when there is enough to do: as many as there are processors, 8 at most, fewer where
   * few files may be open, and up to 16 where these wait for storage most of their time, as far as open files and memory
   * allow.
   * @default 'auto'
   */
  readonly concurrency?: number | 'auto'
  /**
   * Whether the caller's thread is one of the workers, in slices of 8 ms: right for a program that does nothing
   * else meanwhile, such as a command, for a thread less has to be started.
   * @default false
   */
  readonly callerHelps?: boolean
  /**
   * How entries are named to the system: `libc` and `proc` hold directories by descriptor (Linux), so that nobody
   * can redirect the run by swapping a directory for a link; `libc` calls the C library, through the optional package
   * koffi, and is faster; `paths` works everywhere. `auto` takes the first of them that is to be had.
   * @default 'auto'
   */
  readonly held?: HeldOption
  /**
   * Whether the C library may be used. Without it everything runs by plain Node, and what that cannot hold is among
   * the residuals.
   * @default true
   */
  readonly native?: boolean
  /**
   * Files the caller writes while the run goes on, such as its log. Inside the replica they are refused; inside
   * the source they are left out of the mirror.
   * @default []
   */
  readonly ownFiles?: readonly string[]
  /**
   * Where the library keeps what must outlive a run: a lock on a file system that has none, what the replica's file
   * system was found to hold, and which folder the source is. Inside one of the roots the last two are not kept.
   * @default `.local/state/facsimile` in the user's home
   */
  readonly stateFolder?: string
  /** Stops the run cleanly: nothing torn, nothing left behind, directory times restored. */
  readonly signal?: AbortSignal
  /** Functions that are told what happens. */
  readonly on?: SyncEvents
  /**
   * Whether a run that ends with anything but 0 rejects with a `SyncError` that carries the report. With `false`
   * the report is returned; only unusable options still reject.
   * @default true
   */
  readonly reject?: boolean
}
