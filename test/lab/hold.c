/*
 * Holds the unnamed namespaces of one router or one host for as long as its standard input is open.
 *
 *   hold OWNER_PID router           a network namespace
 *   hold OWNER_PID host HOSTNAME    network, PID, mount and UTS namespaces, with a /proc of their own
 *
 * Standard input brings the text of /etc/hosts, then a NUL byte, then nothing until it closes. Says "ready PID", PID
 * being the process whose /proc/PID/ns others enter. Nothing has a name outside: when the holder dies, the kernel kills
 * every process of a host and takes back its devices and mounts.
 */
#define _GNU_SOURCE
#include "owner.h"

#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { HOSTS_BYTES_MAX = 1 << 20 };
static char hosts_text[HOSTS_BYTES_MAX];
static size_t hosts_length;

static void read_hosts_text(void) {
  char byte;
  while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\0') {
    if (hosts_length == HOSTS_BYTES_MAX) fail("the text of /etc/hosts is longer than %d bytes", HOSTS_BYTES_MAX);
    hosts_text[hosts_length++] = byte;
  }
}

static void bring_loopback_up(void) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0) fail("bring lo up");
  close(fd);
}

static void place_file(const char *name, const char *target, const char *text, size_t length) {
  char path[64];
  snprintf(path, sizeof path, "/mnt/%s", name);
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0 || write(fd, text, length) != (ssize_t)length) fail("write %s", path);
  close(fd);
  if (mount(path, target, NULL, MS_BIND, NULL) < 0) fail("mount over %s", target);
}

/* The files live in a memory file system that is unhooked at once; only the mounts over /etc keep it, so that nothing is
 * left on disk. The empty resolv.conf sends name queries to the loopback, where they are refused at once. */
static void make_mounts(void) {
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) fail("make mounts private");
  if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) fail("mount /proc");
  if (mount("tmpfs", "/mnt", "tmpfs", 0, "mode=755") < 0) fail("mount a tmpfs on /mnt");
  place_file("hosts", "/etc/hosts", hosts_text, hosts_length);
  if (access("/etc/resolv.conf", F_OK) == 0) place_file("resolv.conf", "/etc/resolv.conf", "", 0);
  if (umount2("/mnt", MNT_DETACH) < 0) fail("unhook /mnt");
}

static void be_init(int ready) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) fail("prctl PR_SET_PDEATHSIG");
  make_mounts();
  bring_loopback_up();
  if (write(ready, "r", 1) != 1) _exit(1); /* the holder died before the signal above was armed */
  close(ready);
  sigset_t child_signal;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child_signal, NULL);
  for (int received;;) {
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    sigwait(&child_signal, &received);
  }
}

static pid_t start_host(const char *hostname) {
  int ready[2];
  char byte;
  if (unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID) < 0) fail("unshare the namespaces of a host");
  if (sethostname(hostname, strlen(hostname)) < 0) fail("set host name %s", hostname);
  if (pipe2(ready, O_CLOEXEC) < 0) fail("pipe");
  signal(SIGPIPE, SIG_IGN);
  pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    close(ready[0]);
    be_init(ready[1]);
  }
  close(ready[1]);
  if (read(ready[0], &byte, 1) != 1) exit(1); /* the init has said why */
  close(ready[0]);
  return pid;
}

static pid_t start_router(void) {
  if (unshare(CLONE_NEWNET) < 0) fail("unshare a network namespace");
  bring_loopback_up();
  return getpid();
}

int main(int count, char **arguments) {
  if (count < 3) fail("usage: hold OWNER_PID router | hold OWNER_PID host HOSTNAME");
  die_with_owner(arguments[1]);
  read_hosts_text();
  pid_t pid = count > 3 ? start_host(arguments[3]) : start_router();
  printf("ready %d\n", pid);
  fflush(stdout);
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  if (pid != getpid()) {
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0); /* returns once the kernel has ended every process of the host */
  }
  return 0;
}
