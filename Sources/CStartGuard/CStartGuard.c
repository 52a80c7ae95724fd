// OpenBLAS waits for ever for a buffer that cannot be mapped: its threads do so before main, the first call does so later.
// A program with a limited address space (ulimit -v) would hang. Hence a trial: the function in .preinit_array runs before the
// constructors of all libraries. Only executables may have one, so this target is linked into the command and into no library.

#define _GNU_SOURCE
#include "CStartGuard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

// OpenBLAS: 0 serial, 1 threads, 2 OpenMP.
extern int openblas_get_parallel(void);
extern void dtrsm_(
  const char *side, const char *uplo, const char *trans, const char *diag, const int *m, const int *n, const double *alpha,
  const double *a, const int *lda, double *b, const int *ldb);

enum {
  // One buffer, as Debian builds OpenBLAS for x86-64 and arm64, and what it is aligned to.
  BUFFER_MIB = 129,
  // The stack of a thread and its guard page, and the heap it begins.
  THREAD_MIB = 9,
  // The program itself before the first matrix: Swift's runtime, the model, the other libraries' state.
  PROGRAM_MIB = 48,
  NO_MEMORY_EXIT_CODE = 65,
};

static int address_space_is_limited(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

#ifdef __linux__

// The value of a variable in an environment; getenv is not ready this early.
static const char *value_of(const char *name, char **environment) {
  size_t length = strlen(name);
  for (char **entry = environment; entry && *entry; entry++) {
    if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') return *entry + length + 1;
  }
  return NULL;
}

// Threads OpenBLAS will start besides this one.
static long extra_threads(char **environment) {
  if (openblas_get_parallel() == 0) return 0;
  const char *names[] = {"OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"};
  for (int i = 0; i < 3; i++) {
    const char *text = value_of(names[i], environment);
    long wanted = text ? strtol(text, NULL, 10) : 0;
    if (wanted > 0) return wanted - 1;
  }
  cpu_set_t set;
  long count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);
  return count > 1 ? count - 1 : 0;
}

static void say(const char *text) {
  size_t left = strlen(text);
  while (left > 0) {
    ssize_t written = write(STDERR_FILENO, text, left);
    if (written <= 0) return;
    text += written;
    left -= (size_t)written;
  }
}

// The words of the command as the kernel handed them over: Swift finds them by way of the environment, which libraries that are
// preloaded may have moved.
static int word_count;
static char **words;

static void check_room(int count, char **arguments, char **environment) {
  word_count = count;
  words = arguments;
  if (!address_space_is_limited()) return;
  long threads = extra_threads(environment);
  long needed = PROGRAM_MIB + BUFFER_MIB + threads * (BUFFER_MIB + THREAD_MIB);
  size_t bytes = (size_t)needed << 20;
  void *trial = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (trial != MAP_FAILED) {
    munmap(trial, bytes);
    return;
  }
  char text[400];
  snprintf(
    text, sizeof text,
    "pairbath: error: the address space is limited (ulimit -v), and starting needs %ld MiB%s, which are not left in it. Raise the limit%s\n",
    needed, threads > 0 ? ", most of them for threads of OpenBLAS" : "",
    threads > 0 ? ", or set OPENBLAS_NUM_THREADS=1" : "");
  say(text);
  _exit(NO_MEMORY_EXIT_CODE);
}

__attribute__((section(".preinit_array"), used)) static void (*const room_is_checked)(int, char **, char **) = check_room;

const char *pairbath_word(int index) { return index < word_count ? words[index] : NULL; }

#else

const char *pairbath_word(int index) {
  (void)index;
  return NULL;
}

#endif

int pairbath_reserve_blas_buffer(void) {
  if (!address_space_is_limited()) return 0;
  size_t bytes = (size_t)BUFFER_MIB << 20;
  void *trial = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (trial == MAP_FAILED) return -1;
  munmap(trial, bytes);
#ifdef __GLIBC__
  // Threads share one heap: each would reserve 64 MiB of addresses for its own.
  mallopt(M_ARENA_MAX, 1);
#endif
  // The smallest call that takes a buffer, which OpenBLAS keeps for the next ones.
  double a[4] = {1, 0, 0, 1}, b[4] = {1, 1, 1, 1}, one = 1;
  int two = 2;
  dtrsm_("L", "L", "N", "N", &two, &two, &one, a, &two, b, &two);
  return 0;
}
