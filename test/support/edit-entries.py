# Does what Node cannot, a line of input each: "set PATH NAME VALUE" and "remove PATH NAME" for extended attributes, "time
# PATH NANOSECONDS", "socket PATH". Paths are from the root given; all but the time is in hexadecimal. A link's own are meant.
import os
import stat
import sys

os.chdir(bytes.fromhex(sys.argv[1]))
for line in sys.stdin:
    what, path, *given = line.rstrip("\n").split(" ")
    path = bytes.fromhex(path)
    if what == "set":
        name, value = (bytes.fromhex(text) for text in given)
        os.setxattr(path, name, value, follow_symlinks=False)
    elif what == "remove":
        os.removexattr(path, bytes.fromhex(given[0]), follow_symlinks=False)
    elif what == "time":
        os.utime(path, ns=(int(given[0]), int(given[0])), follow_symlinks=False)
    else:
        os.mknod(path, stat.S_IFSOCK | 0o644)
