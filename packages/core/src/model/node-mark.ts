/** Facts about a directory that decide what may be done to it. */
export const NodeMark = {
  /** The source side could not be listed: nothing below is proven absent. */
  hole: 1,
  /** The source side vanished during the walk: left for the next run. */
  vanished: 2,
  /** The replica side holds entries that filters protect. */
  protects: 4,
  /** The replica side is, or lies in, a mounted file system of its own. */
  mounted: 8,
  /** The replica side could not be listed. */
  replicaHole: 16,
  /** Listed: the walk did not prune it. */
  listed: 32,
  /** The directory is the other root: one lies inside the other. */
  otherRoot: 64,
  /** A source file below could not be read while contents were compared. */
  unreadContent: 128,
  /** The replica side holds names as staging directories have: of runs that may be dead. */
  stagings: 256,
  /** Files are renamed out of the replica side, which holds them until then. */
  left: 512,
} as const
