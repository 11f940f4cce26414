# Sets and removes extended attributes: a line of input each, "set PATH NAME VALUE" or "remove PATH NAME", the path from the
# root given, all in hexadecimal. A link's own are meant.
import os
import sys

os.chdir(bytes.fromhex(sys.argv[1]))
for line in sys.stdin:
    what, *given = line.rstrip("\n").split(" ")
    path, name, *value = (bytes.fromhex(text) for text in given)
    if what == "set":
        os.setxattr(path, name, value[0], follow_symlinks=False)
    else:
        os.removexattr(path, name, follow_symlinks=False)
