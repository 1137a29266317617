/* Before a receiver's flush reaches the disk it takes FLUSH_US longer, as on a disk that is farther
   away: the same for every receiver that loads this. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void take(void) {
  const char *us = getenv("FLUSH_US");
  long ns = us ? atol(us) * 1000 : 0;
  struct timespec time = {ns / 1000000000, ns % 1000000000};
  nanosleep(&time, NULL);
}

int fsync(int fd) {
  take();
  return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}

int fdatasync(int fd) {
  take();
  return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
