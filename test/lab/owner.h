/* What every helper of the lab does first: tie its life to the process that owns the lab. */
#ifndef NETRING_LAB_OWNER_H
#define NETRING_LAB_OWNER_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void fail(const char *format, ...) {
  int reason = errno;
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  if (reason != 0) fprintf(stderr, ": %s", strerror(reason));
  fputc('\n', stderr);
  exit(1);
}

/* The signal alone would miss an owner that died before the call: hence the look at the parent afterwards. */
static void die_with_owner(const char *owner_pid) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) fail("prctl PR_SET_PDEATHSIG");
  if (getppid() != (pid_t)atol(owner_pid)) _exit(1);
}

static inline int open_namespace(const char *pid, const char *kind) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/ns/%s", pid, kind);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail("open %s", path);
  return fd;
}

#endif
