/*
 * Runs a command inside the namespaces that `hold` made, and says which process it became.
 *
 *   enter OWNER_PID NAMESPACE_PID FOLDER COMMAND [ARGUMENT...]
 *
 * File descriptor 3 gets "pid N" (N as the caller's PID namespace sees it) and, where the command cannot be started,
 * "error REASON"; it closes when the command runs. Ends as the command ended, by the same status or the same signal.
 */
#define _GNU_SOURCE
#include "owner.h"

#include <sys/resource.h>
#include <sys/wait.h>

enum { REPORT = 3 };

static void refuse(const char *what, const char *which) {
  dprintf(REPORT, "error cannot %s %s: %s\n", what, which, strerror(errno));
  _exit(127);
}

static void run_command(const char *folder, char **command) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  fcntl(REPORT, F_SETFD, FD_CLOEXEC);
  if (chdir(folder) < 0) refuse("change to folder", folder);
  execvp(command[0], command);
  refuse("run", command[0]);
}

static void end_like(int status) {
  if (WIFEXITED(status)) exit(WEXITSTATUS(status));
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  signal(WTERMSIG(status), SIG_DFL);
  raise(WTERMSIG(status));
  exit(128 + WTERMSIG(status));
}

int main(int count, char **arguments) {
  if (count < 5) fail("usage: enter OWNER_PID NAMESPACE_PID FOLDER COMMAND [ARGUMENT...]");
  die_with_owner(arguments[1]);
  static const char *kinds[] = {"net", "uts", "pid", "mnt"};
  int fds[4];
  /* all are opened first: after the mount namespace, /proc is another one */
  for (int i = 0; i < 4; i++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/ns/%s", arguments[2], kinds[i]);
    if ((fds[i] = open(path, O_RDONLY | O_CLOEXEC)) < 0) refuse("open", path);
  }
  for (int i = 0; i < 4; i++) {
    if (setns(fds[i], 0) < 0) refuse("enter the namespace", kinds[i]);
  }
  pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid == 0) run_command(arguments[3], arguments + 4);
  dprintf(REPORT, "pid %d\n", pid);
  close(REPORT);
  /* a terminal's Ctrl-C reaches the whole group: the command decides what it means */
  signal(SIGINT, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);
  signal(SIGTTOU, SIG_IGN);
  int status;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) fail("wait for process %d", pid);
  }
  /* a shell inside takes the terminal for a group of its own and cannot name ours to give it back */
  if (isatty(STDIN_FILENO)) tcsetpgrp(STDIN_FILENO, getpgrp());
  end_like(status);
}
