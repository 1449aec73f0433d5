/*
 * Holds a crowd of processes with TCP connections among them, and nothing else.
 *
 *   crowd PROCESSES CONNECTIONS
 *
 * Every process listens on a port of 127.0.0.1 and opens CONNECTIONS to the next one, the last one to the first: each
 * holds twice CONNECTIONS established sockets. Once a second it sends a few bytes over one of them. Prints "ready" when
 * all stand. All of it ends with standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 4000, MANY = 256 };

struct shared {
  atomic_int listening;
  atomic_int connected;
  unsigned short ports[MOST];
};

static void fail(const char *what) {
  fprintf(stderr, "cannot %s: %s\n", what, strerror(errno));
  exit(1);
}

static struct sockaddr_in at(unsigned short port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = port};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void wait_for(atomic_int *count, int until) {
  while (atomic_load(count) < until) usleep(5000);
}

static void stand(struct shared *all, int self, int processes, int connections) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct sockaddr_in own = at(0);
  socklen_t size = sizeof own;
  int door = socket(AF_INET, SOCK_STREAM, 0);
  if (door < 0 || bind(door, (void *)&own, size) < 0 || listen(door, connections) < 0) fail("listen");
  if (getsockname(door, (void *)&own, &size) < 0) fail("ask for the port");
  all->ports[self] = own.sin_port;
  atomic_fetch_add(&all->listening, 1);
  wait_for(&all->listening, processes);
  int out[MANY], in[MANY];
  struct sockaddr_in next = at(all->ports[(self + 1) % processes]);
  for (int i = 0; i < connections; i++) {
    out[i] = socket(AF_INET, SOCK_STREAM, 0);
    if (out[i] < 0 || connect(out[i], (void *)&next, sizeof next) < 0) fail("connect");
  }
  for (int i = 0; i < connections; i++)
    if ((in[i] = accept(door, NULL, NULL)) < 0) fail("accept");
  atomic_fetch_add(&all->connected, 1);
  char bytes[512] = {0};
  for (int turn = self;; turn++) {
    sleep(1);
    int one = turn % connections;
    if (send(out[one], bytes, 100, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) exit(1);
    while (recv(in[(one + 1) % connections], bytes, sizeof bytes, MSG_DONTWAIT) > 0) continue;
  }
}

int main(int count, char **arguments) {
  int processes = count > 1 ? atoi(arguments[1]) : 0;
  int connections = count > 2 ? atoi(arguments[2]) : 0;
  if (processes < 1 || processes > MOST || connections < 1 || connections > MANY) {
    fprintf(stderr, "usage: crowd PROCESSES CONNECTIONS\n");
    return 2;
  }
  struct shared *all = mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) fail("share memory");
  for (int i = 0; i < processes; i++) {
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) stand(all, i, processes, connections);
  }
  wait_for(&all->connected, processes);
  printf("ready\n");
  fflush(stdout);
  for (;;) pause();
}
