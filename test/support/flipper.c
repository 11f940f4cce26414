/* Exchanges pairs of paths, one after the other and for ever: renameat2(RENAME_EXCHANGE) leaves no moment without a name. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

int main(int count, char **paths) {
  printf("flipping\n");
  fflush(stdout);
  for (;;)
    for (int at = 1; at + 1 < count; at += 2)
      renameat2(AT_FDCWD, paths[at], AT_FDCWD, paths[at + 1], RENAME_EXCHANGE);
}
