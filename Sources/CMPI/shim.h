// MPI in functions of plain arguments. MPI_COMM_WORLD, MPI_BYTE and the like are casts or macros that Swift does not see, and
// handles are pointers in one MPI and integers in another. What to link comes from pkg-config.
// Nothing returns a code: errors end the run, which is what MPI does unless told otherwise.
#ifndef PAIRBATH_CMPI_H
#define PAIRBATH_CMPI_H

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

/// A pending operation.
typedef struct {
  MPI_Request request;
} pairbath_mpi_request;

/// A message that has been found and not yet received.
typedef struct {
  MPI_Message message;
  int source;
  int tag;
  int count;
} pairbath_mpi_message;

/// One integer at rank 0 that all processes add to: those that share its memory at once, the others by asking rank 0.
/// MPI's own way, MPI_Fetch_and_op, fails over TCP in Open MPI 4.1 (no window can be made), and waits for rank 0 in MPICH even on one machine.
typedef struct {
  /// The integer, where this process shares the memory of rank 0; else NULL.
  int64_t *memory;
  int count_on_node;
  MPI_Win window;
  /// Questions and answers go where no message is.
  MPI_Comm questions;
} pairbath_mpi_counter;

/// Starts MPI for threads that take turns; 0 where it cannot do that.
static inline int pairbath_mpi_start(void) {
  int provided = 0;
  MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
  return provided >= MPI_THREAD_SERIALIZED;
}

static inline int pairbath_mpi_rank(void) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

static inline int pairbath_mpi_count(void) {
  int count = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &count);
  return count;
}

enum { PAIRBATH_MPI_VERSION_BYTES = MPI_MAX_LIBRARY_VERSION_STRING };

/// Name and version of the library, into a buffer of PAIRBATH_MPI_VERSION_BYTES.
static inline void pairbath_mpi_version(char *text) {
  int length = 0;
  MPI_Get_library_version(text, &length);
}

static inline void pairbath_mpi_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

static inline void pairbath_mpi_finalize(void) { MPI_Finalize(); }

/// Collective. The integer starts at zero.
static inline pairbath_mpi_counter pairbath_mpi_counter_make(void) {
  pairbath_mpi_counter counter = {.memory = NULL, .window = MPI_WIN_NULL};
  MPI_Comm node;
  int rank = pairbath_mpi_rank(), lowest = 0;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
  MPI_Comm_size(node, &counter.count_on_node);
  MPI_Allreduce(&rank, &lowest, 1, MPI_INT, MPI_MIN, node);
  if (lowest == 0) {
    MPI_Aint size = sizeof(int64_t);
    int unit = sizeof(int64_t);
    MPI_Win_allocate_shared(rank == 0 ? size : 0, unit, MPI_INFO_NULL, node, &counter.memory, &counter.window);
    MPI_Win_shared_query(counter.window, 0, &size, &unit, &counter.memory);
    MPI_Win_lock_all(0, counter.window);
    if (rank == 0) __atomic_store_n(counter.memory, 0, __ATOMIC_SEQ_CST);
  }
  MPI_Comm_free(&node);
  MPI_Comm_dup(MPI_COMM_WORLD, &counter.questions);
  MPI_Barrier(MPI_COMM_WORLD);
  return counter;
}

/// Collective.
static inline void pairbath_mpi_counter_free(pairbath_mpi_counter counter) {
  if (counter.window != MPI_WIN_NULL) {
    MPI_Win_unlock_all(counter.window);
    MPI_Win_free(&counter.window);
  }
  MPI_Comm_free(&counter.questions);
}

/// Adds and returns what the integer was. Calls no MPI.
static inline int64_t pairbath_mpi_counter_add(int64_t *memory, int64_t amount) {
  return __atomic_fetch_add(memory, amount, __ATOMIC_SEQ_CST);
}

/// Asks rank 0 to add numbers[0]; numbers[1] is what the integer was, once the request is done. They must stay until then.
static inline pairbath_mpi_request pairbath_mpi_counter_ask(pairbath_mpi_counter counter, int64_t *numbers) {
  pairbath_mpi_request request;
  MPI_Irecv(&numbers[1], 1, MPI_INT64_T, 0, 0, counter.questions, &request.request);
  MPI_Send(&numbers[0], 1, MPI_INT64_T, 0, 0, counter.questions);
  return request;
}

/// At rank 0: answers all who have asked, and says how many. Those who ask wait for the answer: neither call here waits for long.
static inline int pairbath_mpi_counter_answer(pairbath_mpi_counter counter) {
  for (int answered = 0;; answered++) {
    int found = 0;
    int64_t amount = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, 0, counter.questions, &found, &status);
    if (!found) return answered;
    MPI_Recv(&amount, 1, MPI_INT64_T, status.MPI_SOURCE, 0, counter.questions, MPI_STATUS_IGNORE);
    int64_t before = pairbath_mpi_counter_add(counter.memory, amount);
    MPI_Send(&before, 1, MPI_INT64_T, status.MPI_SOURCE, 0, counter.questions);
  }
}

/// Sends to rank 0; the bytes must stay until the request is done.
static inline pairbath_mpi_request pairbath_mpi_send(const void *bytes, int count, int tag) {
  pairbath_mpi_request request;
  MPI_Isend(bytes, count, MPI_BYTE, 0, tag, MPI_COMM_WORLD, &request.request);
  return request;
}

/// Looks for a message of anybody; 0 when there is none. Lets everything pending go on.
static inline int pairbath_mpi_find(pairbath_mpi_message *message) {
  int found = 0;
  MPI_Status status;
  MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &found, &message->message, &status);
  if (!found) return 0;
  message->source = status.MPI_SOURCE;
  message->tag = status.MPI_TAG;
  MPI_Get_count(&status, MPI_BYTE, &message->count);
  return 1;
}

/// Lets everything pending go on, and receives nothing.
static inline void pairbath_mpi_progress(void) {
  int found = 0;
  MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &found, MPI_STATUS_IGNORE);
}

/// Receives a message that was found, into a buffer of its count.
static inline pairbath_mpi_request pairbath_mpi_receive(pairbath_mpi_message *message, void *bytes) {
  pairbath_mpi_request request;
  MPI_Imrecv(bytes, message->count, MPI_BYTE, &message->message, &request.request);
  return request;
}

/// Whether a request is done; it may be asked for again after that.
static inline int pairbath_mpi_is_done(pairbath_mpi_request *request) {
  int done = 0;
  MPI_Test(&request->request, &done, MPI_STATUS_IGNORE);
  return done;
}

/// Collective: done when all processes have come here.
static inline pairbath_mpi_request pairbath_mpi_meet(void) {
  pairbath_mpi_request request;
  MPI_Ibarrier(MPI_COMM_WORLD, &request.request);
  return request;
}

/// Collective: rank 0's bytes, which must stay until the request is done.
static inline pairbath_mpi_request pairbath_mpi_broadcast(void *bytes, int count) {
  pairbath_mpi_request request;
  MPI_Ibcast(bytes, count, MPI_BYTE, 0, MPI_COMM_WORLD, &request.request);
  return request;
}

#endif
