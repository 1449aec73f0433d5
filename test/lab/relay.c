/*
 * Carries TCP connections from 127.0.0.1 of the caller's network into a port of one host of the lab.
 *
 *   relay OWNER_PID NAMESPACE_PID ADDRESS PORT
 *
 * A socket belongs to the namespace it was made in, so one process does it: it listens outside, moves in, and connects
 * from there: to the loopback first, then to ADDRESS. Says "ready PORT"; ends when standard input closes.
 */
#define _GNU_SOURCE
#include "owner.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

struct connection {
  int outer, inner;
  int open_halves;
  pthread_mutex_t lock;
};
struct half {
  struct connection *connection;
  int from, to;
};

static const char *inner_address;
static int inner_port;

static int listen_outside(int *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0 || listen(fd, 128) < 0) fail("listen on 127.0.0.1");
  if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) fail("getsockname");
  *port = ntohs(address.sin_port);
  return fd;
}

static int connect_inside(void) {
  const char *candidates[] = {"127.0.0.1", inner_address};
  for (int i = 0; i < 2; i++) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)inner_port)};
    inet_pton(AF_INET, candidates[i], &address.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    if (fd >= 0) close(fd);
  }
  return -1;
}

static int write_all(int fd, const char *bytes, ssize_t length) {
  for (ssize_t done = 0; done < length;) {
    ssize_t written = write(fd, bytes + done, (size_t)(length - done));
    if (written <= 0) return -1;
    done += written;
  }
  return 0;
}

static void release(struct connection *connection) {
  pthread_mutex_lock(&connection->lock);
  int left = --connection->open_halves;
  pthread_mutex_unlock(&connection->lock);
  if (left > 0) return;
  close(connection->outer);
  close(connection->inner);
  free(connection);
}

/* One thread per half: a half that waits for its reader must not stop the other half. */
static void *carry(void *argument) {
  struct half half = *(struct half *)argument;
  free(argument);
  char bytes[65536];
  ssize_t length;
  while ((length = read(half.from, bytes, sizeof bytes)) > 0 && write_all(half.to, bytes, length) == 0) continue;
  shutdown(half.to, SHUT_WR);
  if (length != 0) shutdown(half.from, SHUT_RD); /* broken, not ended: the sender must learn of it */
  release(half.connection);
  return NULL;
}

static void start_half(struct connection *connection, int from, int to) {
  struct half *half = malloc(sizeof *half);
  *half = (struct half){connection, from, to};
  pthread_t thread;
  if (pthread_create(&thread, NULL, carry, half) != 0) fail("start a thread");
  pthread_detach(thread);
}

static void *serve(void *argument) {
  int outer = (int)(long)argument;
  int inner = connect_inside();
  int on = 1;
  if (inner < 0) {
    struct linger reset = {.l_onoff = 1, .l_linger = 0}; /* the caller sees a reset, as from a closed port */
    setsockopt(outer, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(outer);
    return NULL;
  }
  setsockopt(outer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(inner, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct connection *connection = malloc(sizeof *connection);
  *connection = (struct connection){.outer = outer, .inner = inner, .open_halves = 2};
  pthread_mutex_init(&connection->lock, NULL);
  start_half(connection, outer, inner);
  start_half(connection, inner, outer);
  return NULL;
}

int main(int count, char **arguments) {
  if (count != 5) fail("usage: relay OWNER_PID NAMESPACE_PID ADDRESS PORT");
  die_with_owner(arguments[1]);
  signal(SIGPIPE, SIG_IGN);
  inner_address = arguments[3];
  inner_port = atoi(arguments[4]);
  int port;
  int listener = listen_outside(&port);
  if (setns(open_namespace(arguments[2], "net"), 0) < 0) fail("enter the network of process %s", arguments[2]);
  printf("ready %d\n", port);
  fflush(stdout);
  struct pollfd events[] = {{.fd = listener, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  while (poll(events, 2, -1) >= 0 || errno == EINTR) {
    if (events[1].revents != 0) return 0;
    int outer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    pthread_t thread;
    if (outer < 0) continue;
    if (pthread_create(&thread, NULL, serve, (void *)(long)outer) != 0) close(outer);
    else pthread_detach(thread);
  }
  return 1;
}
