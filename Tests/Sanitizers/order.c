// Tells ThreadSanitizer what orders threads in the Swift libraries, which are not instrumented: swift_once, and the slow path of
// Synchronization.Mutex, which is taken where threads wait for each other. Preloaded by run.sh.
//
// The quick paths are compiled into our code and seen; without this file what a contended Mutex guards is reported as a race.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

__attribute__((weak)) void __tsan_acquire(void *);
__attribute__((weak)) void __tsan_release(void *);

static void released(void *place) {
  if (__tsan_release) __tsan_release(place);
}

static void acquired(void *place) {
  if (__tsan_acquire) __tsan_acquire(place);
}

struct once {
  void *predicate;
  void (*make)(void *);
  void *context;
};

static void make_once(void *argument) {
  struct once *once = argument;
  once->make(once->context);
  released(once->predicate);
}

void swift_once(void *predicate, void (*make)(void *), void *context) {
  static void (*real)(void *, void (*)(void *), void *);
  if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, "swift_once");
  struct once once = {predicate, make, context};
  real(predicate, make_once, &once);
  acquired(predicate);
}

// Methods of Synchronization._MutexHandle, whose first field is the word that the quick paths change.
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF) {
  static SWIFT void (*real)(uint32_t, SELF);
  if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, LOCK);
  real(thread, self);
  acquired(self);
}

SWIFT void unlock_slow(SELF) {
  static SWIFT void (*real)(SELF);
  if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, UNLOCK);
  released(self);
  real(self);
}
