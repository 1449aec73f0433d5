/*
 * One link of the WAN: copies packets between two TUN devices, each in its own network namespace, through a delay queue
 * per direction.
 *
 *   forwarder OWNER_PID NAMESPACE_PID_A NAMESPACE_PID_B DEVICE [--realtime]
 *
 * Says "ready realtime" or "ready plain", then answers one line for each line of standard input, and ends when it closes:
 *   set ab|ba KEY=VALUE...   "ok" or "error REASON"; what is not named stays as it is. Keys:
 *                            delay_us jitter_us loss rate_bps (0: no limit) queue_bytes cut
 *                            flows_of flows_index flows_loss (flows_of 0: all flows alike)
 *   stats ab|ba              "stats PACKETS BYTES LOST OVERFLOWED CUT"
 *
 * A packet is first lost or not, then waits for its turn at the set rate in a queue of at most queue_bytes, then travels
 * for the delay. Packets keep their order, so that a jittered one also holds up those behind it. The packets under way in
 * one direction take at most RING_BYTES, enough for 500 Mbit/s over 400 ms; what comes on top has overflowed.
 */
#define _GNU_SOURCE
#include "owner.h"

#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>

enum {
  RING_BYTES = 32 << 20,
  PACKET_BYTES_MAX = 65536,
  READS_PER_ROUND = 64,        /* then the other direction and the due packets have their turn */
  DEVICE_QUEUE_PACKETS = 5000, /* a device holds this many while the forwarder waits for a core: 100 ms at 500 Mbit/s */
  EARLY_NS = 10000,            /* packets due within this time leave together: one wake-up instead of many */
  LATENESS_NS_MAX = 100000,
  REALTIME_PRIORITY = 10,
};

struct record {
  uint64_t due_ns;
  uint32_t length, stride;
};

struct conditions {
  uint64_t delay_us, jitter_us, rate_bps, queue_bytes, cut, flows_of, flows_index;
  double loss, flows_loss;
};

struct direction {
  int in, out;
  struct conditions set;
  char *ring;
  size_t head, tail, wrap; /* wrap: where the reader goes back to the start of the ring */
  uint64_t count;
  uint64_t busy_until_ns, last_due_ns;
  uint64_t packets, bytes, lost, overflowed, cut;
};

static struct direction directions[2];
static uint64_t random_state;
static uint64_t lateness_ns; /* what waking up has lately cost: some 50 us where an idle core must be roused */

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* xorshift64*, in [0, 1) */
static double random_ratio(void) {
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return (double)((random_state * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

/* FNV-1a of addresses, protocol and ports, as a router that spreads flows over equal paths would use them. */
static uint32_t flow_hash(const unsigned char *packet, size_t length) {
  unsigned char tuple[37] = {0};
  size_t ports = 0;
  if (length >= 20 && packet[0] >> 4 == 4) {
    int is_fragment = (packet[6] & 0x3f) != 0 || packet[7] != 0;
    memcpy(tuple, packet + 12, 8);
    tuple[36] = packet[9];
    ports = is_fragment ? 0 : (size_t)(packet[0] & 0xf) * 4;
  } else if (length >= 40 && packet[0] >> 4 == 6) {
    memcpy(tuple, packet + 8, 32);
    tuple[36] = packet[6];
    ports = 40;
  }
  int has_ports = tuple[36] == 6 || tuple[36] == 17;
  if (has_ports && ports != 0 && length >= ports + 4) memcpy(tuple + 32, packet + ports, 4);
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < sizeof tuple; i++) hash = (hash ^ tuple[i]) * 16777619u;
  hash ^= hash >> 16; /* the low bits alone would follow the last byte */
  hash *= 2246822507u;
  return hash ^ (hash >> 13);
}

static double loss_of(const struct conditions *set, const char *packet, size_t length) {
  if (set->flows_of == 0) return set->loss;
  uint32_t hash = flow_hash((const unsigned char *)packet, length);
  return hash % set->flows_of == set->flows_index ? set->flows_loss : set->loss;
}

/* The place for one more record of the greatest length, or NULL when the ring is full. */
static struct record *room(struct direction *d) {
  size_t need = sizeof(struct record) + PACKET_BYTES_MAX;
  if (d->count == 0) d->head = d->tail = 0; /* an idle link stays within the same few pages */
  if (d->count > 0 && d->tail <= d->head) return d->head - d->tail > need ? (struct record *)(d->ring + d->tail) : NULL;
  if (RING_BYTES - d->tail < need) {
    if (d->head <= need) return NULL;
    d->wrap = d->tail;
    d->tail = 0;
  }
  return (struct record *)(d->ring + d->tail);
}

/* When the packet leaves the far end, or 0 when it never does. */
static uint64_t due_time(struct direction *d, const char *packet, size_t length, uint64_t now) {
  const struct conditions *set = &d->set;
  if (set->cut) return d->cut++, 0;
  double loss = loss_of(set, packet, length);
  if (loss > 0 && random_ratio() < loss) return d->lost++, 0;
  uint64_t sent = now;
  if (set->rate_bps > 0) {
    uint64_t start = d->busy_until_ns > now ? d->busy_until_ns : now;
    if ((double)(start - now) * (double)set->rate_bps / 8e9 + (double)length > (double)set->queue_bytes) {
      return d->overflowed++, 0;
    }
    sent = d->busy_until_ns = start + (uint64_t)((double)length * 8e9 / (double)set->rate_bps);
  }
  double jitter_us = set->jitter_us > 0 ? (random_ratio() * 2 - 1) * (double)set->jitter_us : 0;
  double travel_us = (double)set->delay_us + jitter_us;
  uint64_t due = sent + (travel_us > 0 ? (uint64_t)(travel_us * 1000) : 0);
  return d->last_due_ns = due > d->last_due_ns ? due : d->last_due_ns;
}

static ssize_t read_packet(struct direction *d, char *packet) {
  ssize_t length = read(d->in, packet, PACKET_BYTES_MAX);
  if (length < 0 && errno != EAGAIN && errno != EINTR && errno != EIO) exit(0); /* the device went with its namespace */
  return length;
}

/* Packets that ended a sleep have waited for the wake-up; others have come just now. */
static void take_in(struct direction *d, uint64_t waited_ns) {
  static char nowhere[PACKET_BYTES_MAX];
  for (int reads = 0; reads < READS_PER_ROUND; reads++) {
    struct record *record = room(d);
    char *packet = record != NULL ? (char *)(record + 1) : nowhere;
    ssize_t length = read_packet(d, packet);
    if (length <= 0) return;
    if (record == NULL) {
      d->overflowed++;
      continue;
    }
    uint64_t due = due_time(d, packet, (size_t)length, now_ns() - waited_ns);
    waited_ns = 0;
    if (due == 0) continue;
    record->due_ns = due;
    record->length = (uint32_t)length;
    record->stride = (uint32_t)(sizeof *record + ((size_t)length + 7) / 8 * 8);
    d->tail += record->stride;
    d->count++;
  }
}

/* Lets out what is due and returns when the next packet is, or UINT64_MAX. */
static uint64_t let_out(struct direction *d, uint64_t now) {
  while (d->count > 0) {
    struct record *record = (struct record *)(d->ring + d->head);
    if (record->due_ns > now + EARLY_NS) return record->due_ns;
    /* a device that is down or full loses the packet, as a port would */
    if (write(d->out, record + 1, record->length) == (ssize_t)record->length) {
      d->packets++;
      d->bytes += record->length;
    } else {
      d->overflowed++;
    }
    d->head += record->stride;
    d->count--;
    if (d->wrap != 0 && d->head == d->wrap) d->head = d->wrap = 0;
  }
  d->wrap = 0;
  return UINT64_MAX;
}

static const char *set_condition(struct conditions *set, const char *key, const char *value) {
  struct {
    const char *name;
    uint64_t *whole;
    double *ratio;
  } keys[] = {
      {"delay_us", &set->delay_us, NULL},   {"jitter_us", &set->jitter_us, NULL},
      {"rate_bps", &set->rate_bps, NULL},   {"queue_bytes", &set->queue_bytes, NULL},
      {"cut", &set->cut, NULL},             {"flows_of", &set->flows_of, NULL},
      {"loss", NULL, &set->loss},           {"flows_index", &set->flows_index, NULL},
      {"flows_loss", NULL, &set->flows_loss},
  };
  char *end;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    if (strcmp(keys[i].name, key) != 0) continue;
    if (keys[i].whole != NULL) *keys[i].whole = strtoull(value, &end, 10);
    else *keys[i].ratio = strtod(value, &end);
    return *value == '\0' || *end != '\0' ? "not a number" : NULL;
  }
  return "no such key";
}

/* All keys of a line take effect together, or none does. */
static void set_conditions(struct direction *d, char **rest) {
  struct conditions set = d->set;
  for (char *pair; (pair = strtok_r(NULL, " ", rest)) != NULL;) {
    char *value = strchr(pair, '=');
    if (value != NULL) *value++ = '\0';
    const char *wrong = value == NULL ? "has no value" : set_condition(&set, pair, value);
    if (wrong != NULL) {
      printf("error %s: %s\n", pair, wrong);
      return;
    }
  }
  if (set.rate_bps != d->set.rate_bps) d->busy_until_ns = 0;
  d->set = set;
  printf("ok\n");
}

static void obey(char *line) {
  char *rest;
  const char *verb = strtok_r(line, " ", &rest);
  const char *name = strtok_r(NULL, " ", &rest);
  struct direction *d = name == NULL ? NULL : strcmp(name, "ab") == 0 ? &directions[0] : strcmp(name, "ba") == 0 ? &directions[1] : NULL;
  if (d == NULL) {
    printf("error expected: set|stats ab|ba\n");
  } else if (strcmp(verb, "set") == 0) {
    set_conditions(d, &rest);
  } else if (strcmp(verb, "stats") == 0) {
    printf("stats %lu %lu %lu %lu %lu %lu\n", d->packets, d->bytes, d->lost, d->overflowed, d->cut, lateness_ns);
  } else {
    printf("error no such verb: %s\n", verb);
  }
  fflush(stdout);
}

static void read_control(void) {
  static char buffer[4096];
  static size_t filled;
  ssize_t length = read(STDIN_FILENO, buffer + filled, sizeof buffer - 1 - filled);
  if (length <= 0) exit(0);
  filled += (size_t)length;
  buffer[filled] = '\0';
  for (char *end; (end = strchr(buffer, '\n')) != NULL;) {
    *end = '\0';
    obey(buffer);
    filled -= (size_t)(end + 1 - buffer);
    memmove(buffer, end + 1, filled + 1);
  }
  if (filled == sizeof buffer - 1) filled = 0; /* a line that long is none of ours */
}

/* The device is born in the namespace the caller is in, and dies with the descriptor. */
static int open_device(int network, const char *name) {
  if (setns(network, CLONE_NEWNET) < 0) fail("enter a network namespace");
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) fail("open /dev/net/tun");
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
  if (ioctl(fd, TUNSETIFF, &request) < 0) fail("make the device %s", name);
  int any_socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  request.ifr_qlen = DEVICE_QUEUE_PACKETS;
  if (any_socket < 0 || ioctl(any_socket, SIOCSIFTXQLEN, &request) < 0) fail("set the queue of %s", name);
  close(any_socket);
  return fd;
}

static void make_direction(struct direction *d, int in, int out) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  d->ring = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (d->ring == MAP_FAILED) fail("map %d bytes", RING_BYTES);
  d->in = in;
  d->out = out;
}

/* Sleeps until an event or until `next`, and learns from its own oversleeping to wake up that much earlier; what is then
 * still too early is slept again, on a core that is awake. Returns how long the event has waited, as far as is known. */
static uint64_t sleep_until(uint64_t next, struct pollfd *events) {
  uint64_t start = now_ns();
  uint64_t wanted = next > start ? next - start : 0;
  uint64_t wait_ns = wanted > lateness_ns ? wanted - lateness_ns : wanted;
  struct timespec timeout = {.tv_sec = (time_t)(wait_ns / 1000000000u), .tv_nsec = (long)(wait_ns % 1000000000u)};
  int count = ppoll(events, 3, next == UINT64_MAX ? NULL : &timeout, NULL);
  uint64_t slept = now_ns() - start;
  if (count != 0) return slept > lateness_ns ? lateness_ns : 0;
  if (wanted > lateness_ns) {
    uint64_t late = slept - wait_ns < LATENESS_NS_MAX ? slept - wait_ns : LATENESS_NS_MAX;
    lateness_ns = (lateness_ns * 7 + late) / 8;
  }
  return 0;
}

static void forward(int device_a, int device_b) {
  struct pollfd events[] = {
      {.fd = device_a, .events = POLLIN}, {.fd = device_b, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  for (;;) {
    uint64_t now = now_ns();
    uint64_t next = UINT64_MAX;
    for (int i = 0; i < 2; i++) {
      uint64_t due = let_out(&directions[i], now);
      if (due < next) next = due;
    }
    uint64_t waited_ns = sleep_until(next, events);
    if (events[2].revents != 0) read_control();
    for (int i = 0; i < 2; i++) {
      if (events[i].revents != 0) take_in(&directions[i], waited_ns);
    }
  }
}

int main(int count, char **arguments) {
  if (count < 5) fail("usage: forwarder OWNER_PID NAMESPACE_PID_A NAMESPACE_PID_B DEVICE [--realtime]");
  die_with_owner(arguments[1]);
  int network_a = open_namespace(arguments[2], "net");
  int network_b = open_namespace(arguments[3], "net");
  int device_a = open_device(network_a, arguments[4]);
  int device_b = open_device(network_b, arguments[4]);
  make_direction(&directions[0], device_a, device_b);
  make_direction(&directions[1], device_b, device_a);
  random_state = now_ns() ^ ((uint64_t)getpid() << 32) ^ 1;
  prctl(PR_SET_TIMERSLACK, 1);
  struct sched_param priority = {.sched_priority = REALTIME_PRIORITY};
  int realtime = count > 5 && sched_setscheduler(0, SCHED_FIFO, &priority) == 0;
  printf("ready %s\n", realtime ? "realtime" : "plain");
  fflush(stdout);
  forward(device_a, device_b);
}
