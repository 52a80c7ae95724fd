// Starting, limiting and ending the child.
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void limit(int resource, rlim_t soft, rlim_t hard) {
  struct rlimit now;
  if (getrlimit(resource, &now) != 0) return;
  if (now.rlim_max != RLIM_INFINITY && hard > now.rlim_max) hard = now.rlim_max;
  if (now.rlim_cur != RLIM_INFINITY && soft > now.rlim_cur) soft = now.rlim_cur;
  struct rlimit limits = {soft < hard ? soft : hard, hard};
  setrlimit(resource, &limits);
}

/// Pages of address space the process has; 0 when /proc does not say.
static uint64_t address_space(void) {
  char text[64];
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return 0;
  text[count] = 0;
  return strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/// A terminal's interrupt goes to the whole group of processes; the parent decides what it means, and the child ends with the parent.
static void reset_signals(void) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2};
  for (unsigned i = 0; i < sizeof ignored / sizeof ignored[0]; i++) signal(ignored[i], SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static pid_t parent;

static void end_without_parent(int number) {
  (void)number;
  if (getppid() != parent) _exit(0);
}

/// Ends the child within a second after its parent, should it be busy then.
static void watch_parent(void) {
  struct sigaction action = {0};
  action.sa_handler = end_without_parent;
  action.sa_flags = SA_RESTART;
  struct itimerval second = {{1, 0}, {1, 0}};
  if (sigaction(SIGALRM, &action, NULL) == 0) setitimer(ITIMER_REAL, &second, NULL);
}

/// Keeps the three descriptors the child needs and nothing else; standard input and output lead nowhere.
static int arrange_descriptors(int socket, int file, int window) {
  int high[3] = {socket, file, window};
  for (int i = 0; i < 3; i++) {
    high[i] = fcntl(high[i], F_DUPFD, READER_WINDOW + 1);
    if (high[i] < 0) return -1;
  }
  int nowhere = open("/dev/null", O_RDWR);
  if (nowhere < 0) return -1;
  // Two loops: `nowhere` may be one of the numbers the second takes.
  for (int i = 0; i < 3; i++) {
    if (dup2(nowhere, i) < 0) return -1;
  }
  for (int i = 0; i < 3; i++) {
    if (dup2(high[i], READER_SOCKET + i) < 0) return -1;
  }
  if (close_range(READER_WINDOW + 1, ~0U, 0) != 0) {
    long most = sysconf(_SC_OPEN_MAX);
    for (int i = READER_WINDOW + 1; i < (most > 0 ? most : 1024); i++) close(i);
  }
  return 0;
}

static _Noreturn void become_reader(int socket, int file, int window, uint64_t memory, uint64_t seconds) {
  reset_signals();
  watch_parent();
  if (arrange_descriptors(socket, file, window) != 0) _exit(71);
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_FSIZE, 0, 0);
  limit(RLIMIT_CPU, seconds, seconds + 1);
  uint64_t present = address_space();
  if (present > 0) limit(RLIMIT_AS, present + memory, present + memory);
  pairbath_reader_serve();
}

/// What a thread needs to start the child, and what came of it.
typedef struct {
  int socket, file, window;
  uint64_t memory, seconds;
  pid_t parent, process;
  int code;
} start_order;

static void swap_if_greater(int *a, int *b) {
  int first = *a;
  if (first > *b) {
    *a = *b;
    *b = first;
  }
}

/// Gives this thread a table of descriptors of its own, with nothing but three beside standard input and output.
static void keep_only(int a, int b, int c) {
  swap_if_greater(&a, &b);
  swap_if_greater(&b, &c);
  swap_if_greater(&a, &b);
  if (close_range((unsigned)c + 1, ~0U, CLOSE_RANGE_UNSHARE) != 0) return;
  const int from[] = {3, a + 1, b + 1}, to[] = {a - 1, b - 1, c - 1};
  for (int i = 0; i < 3; i++) {
    if (from[i] <= to[i]) close_range((unsigned)from[i], (unsigned)to[i], 0);
  }
}

/// Starts the child from a thread whose table of descriptors holds what the child needs: a descriptor that another thread writes a program
/// with, inherited for an instant, would keep that program from being started.
static void *start_in_thread(void *argument) {
  start_order *order = argument;
  keep_only(order->socket, order->file, order->window);
  order->process = fork();
  order->code = errno;
  if (order->process == 0) {
    parent = order->parent;
    become_reader(order->socket, order->file, order->window, order->memory, order->seconds);
  }
  return NULL;
}

/// Runs the order with all signals blocked: no handler of the parent may run in the child. Returns 0, or errno.
static int start(start_order *order) {
  sigset_t all, old;
  pthread_t thread;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &old);
  int code = pthread_create(&thread, NULL, start_in_thread, order);
  if (code == 0) pthread_join(thread, NULL);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  return code != 0 ? code : order->process < 0 ? order->code : 0;
}

int pairbath_reader_start(int file, uint64_t memory, uint64_t seconds, pairbath_reader *reader) {
  int ends[2];
  int window = memfd_create("pairbath-reader", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (window < 0) return errno;
  // A window that shrank would be a bus error of the parent.
  if (fcntl(window, F_ADD_SEALS, F_SEAL_SHRINK) != 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    int code = errno;
    close(window);
    return code;
  }
  start_order order = {ends[1], file, window, memory, seconds, getpid(), -1, 0};
  int code = start(&order);
  close(ends[1]);
  if (code != 0) {
    close(ends[0]);
    close(window);
    return code;
  }
  reader->process = order.process;
  reader->socket = ends[0];
  reader->window = window;
  return 0;
}

void *pairbath_reader_map(const pairbath_reader *reader, void *old, uint64_t old_bytes, uint64_t bytes) {
  if (old) munmap(old, old_bytes);
  if (bytes > INT64_MAX || ftruncate(reader->window, (off_t)bytes) != 0) return NULL;
  void *window = mmap(NULL, bytes, PROT_READ, MAP_SHARED, reader->window, 0);
  return window == MAP_FAILED ? NULL : window;
}

/// Collects a child that ends by itself within so many milliseconds; false for one that does not.
static int collect(pid_t process, int *status, int milliseconds) {
  const struct timespec step = {0, 1000000};
  for (int i = 0;; i++) {
    pid_t ended = waitpid(process, status, WNOHANG);
    if (ended == process) return 1;
    if (ended < 0 && errno == ECHILD) {
      // Somebody else collects children here, or the signal about them is ignored.
      *status = -1;
      return 1;
    }
    if (i >= milliseconds) return 0;
    nanosleep(&step, NULL);
  }
}

int pairbath_reader_stop(pairbath_reader *reader, void *window, uint64_t window_bytes, int milliseconds) {
  if (window) munmap(window, window_bytes);
  if (reader->socket >= 0) close(reader->socket);
  if (reader->window >= 0) close(reader->window);
  int status = -1;
  if (reader->process > 0) {
    if (!collect(reader->process, &status, milliseconds)) {
      kill(reader->process, SIGKILL);
      while (waitpid(reader->process, &status, 0) < 0 && errno == EINTR) {}
      status = -1;
    }
  }
  *reader = (pairbath_reader){-1, -1, -1};
  return status;
}

double pairbath_reader_seconds(const pairbath_reader *reader) {
  clockid_t clock;
  struct timespec time;
  if (clock_getcpuclockid(reader->process, &clock) != 0 || clock_gettime(clock, &time) != 0) return -1;
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}
