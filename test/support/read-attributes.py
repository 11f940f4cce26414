# Prints the extended attributes of all that lies in each tree given, a line for each: the number of the tree, the path, the
# name and the value, in hexadecimal. A path is read name by name beneath its directory, so that it may be of any length.
import os
import sys

out = []


def read(tree, path, name):
    for attribute in os.listxattr(name, follow_symlinks=False):
        try:
            value = os.getxattr(name, attribute, follow_symlinks=False)
        except OSError as error:
            value = b"cannot be read: " + error.strerror.encode()
        out.append(f"{tree} {path.hex()} {os.fsencode(attribute).hex()} {value.hex()}")


def walk(tree, path, fd):
    os.fchdir(fd)
    with os.scandir(b".") as entries:
        below = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    names = [(os.fsencode(name), is_directory) for name, is_directory in below]
    for name, _ in names:
        read(tree, path + name, name)
    for name, is_directory in names:
        if not is_directory:
            continue
        child = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=fd)
        try:
            walk(tree, path + name + b"/", child)
        finally:
            os.close(child)


sys.setrecursionlimit(100_000)
roots = [os.open(bytes.fromhex(root), os.O_RDONLY | os.O_DIRECTORY) for root in sys.argv[1:]]
for tree, fd in enumerate(roots):
    os.fchdir(fd)
    read(tree, b".", b".")
    walk(tree, b"", fd)
sys.stdout.write("\n".join(out))
