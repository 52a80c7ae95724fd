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

/// One integer at rank 0 that all processes add to.
typedef struct {
  MPI_Win window;
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

/// How many processes share this one's memory.
static inline int pairbath_mpi_count_on_node(void) {
  MPI_Comm node;
  int count = 0;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
  MPI_Comm_size(node, &count);
  MPI_Comm_free(&node);
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
  pairbath_mpi_counter counter;
  int64_t *memory = NULL;
  int rank = pairbath_mpi_rank();
  MPI_Win_allocate(rank == 0 ? sizeof(int64_t) : 0, sizeof(int64_t), MPI_INFO_NULL, MPI_COMM_WORLD, &memory, &counter.window);
  if (rank == 0) {
    MPI_Win_lock(MPI_LOCK_EXCLUSIVE, 0, 0, counter.window);
    *memory = 0;
    MPI_Win_unlock(0, counter.window);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  MPI_Win_lock_all(0, counter.window);
  return counter;
}

/// Adds and returns what the integer was.
static inline int64_t pairbath_mpi_counter_add(pairbath_mpi_counter counter, int64_t amount) {
  int64_t before = 0;
  MPI_Fetch_and_op(&amount, &before, MPI_INT64_T, 0, 0, MPI_SUM, counter.window);
  MPI_Win_flush(0, counter.window);
  return before;
}

/// Collective.
static inline void pairbath_mpi_counter_free(pairbath_mpi_counter counter) {
  MPI_Win_unlock_all(counter.window);
  MPI_Win_free(&counter.window);
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

/// Collective: rank 0's number; `number` must stay until the request is done.
static inline pairbath_mpi_request pairbath_mpi_broadcast_number(int64_t *number) {
  pairbath_mpi_request request;
  MPI_Ibcast(number, 1, MPI_INT64_T, 0, MPI_COMM_WORLD, &request.request);
  return request;
}

/// Collective: rank 0's bytes; waits.
static inline void pairbath_mpi_broadcast(void *bytes, int count) { MPI_Bcast(bytes, count, MPI_BYTE, 0, MPI_COMM_WORLD); }

#endif
