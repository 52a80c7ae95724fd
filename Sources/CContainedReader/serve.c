// The child's work: requests in, answers out.
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <netcdf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/// What the child has: the open file and the mapped window.
typedef struct {
  reader_contents contents;
  unsigned char *window;
  uint64_t window_bytes;
} state;

void pairbath_reader_put(reader_output *output, const void *bytes, uint64_t count) {
  if (output->used <= output->capacity && count <= output->capacity - output->used && count > 0) {
    memcpy(output->bytes + output->used, bytes, count);
  }
  output->used = count > UINT64_MAX - output->used ? UINT64_MAX : output->used + count;
}

static int open_file(state *now) {
  if (now->contents.file >= 0) return PAIRBATH_READER_REFUSED;
  // Through the descriptor: what was checked is what is read, and no name is taken for an address.
  int code = nc_open("/proc/self/fd/4", NC_NOWRITE, &now->contents.file);
  return code != NC_NOERR ? code : pairbath_reader_find(&now->contents);
}

/// Maps the window anew when the parent has enlarged it.
static int map_window(state *now, uint64_t bytes) {
  if (bytes == now->window_bytes) return 0;
  if (now->window) munmap(now->window, now->window_bytes);
  now->window = NULL;
  now->window_bytes = 0;
  void *window = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, READER_WINDOW, 0);
  if (window == MAP_FAILED) return NC_ENOMEM;
  now->window = window;
  now->window_bytes = bytes;
  return 0;
}

/// The block of a request, and the number of its elements; a code other than 0 when it is none.
static int block(const pairbath_reader_request *request, size_t *start, size_t *count, uint64_t *total) {
  if (request->rank > PAIRBATH_READER_RANK) return PAIRBATH_READER_REFUSED;
  *total = 1;
  for (uint32_t d = 0; d < request->rank; d++) {
    start[d] = request->start[d];
    count[d] = request->count[d];
    if (count[d] == 0 || *total > (UINT64_MAX >> 4) / count[d]) return PAIRBATH_READER_REFUSED;
    *total *= count[d];
  }
  return 0;
}

/// Where the variable of a request is; false when there is none, or it has another rank.
static int find(const state *now, const pairbath_reader_request *request, reader_place *place) {
  if (request->variable < 0 || (uint64_t)request->variable >= now->contents.count) return 0;
  *place = now->contents.places[request->variable];
  int rank = -1;
  return nc_inq_varndims(place->group, place->variable, &rank) == NC_NOERR && rank == (int)request->rank;
}

static int read_doubles(const state *now, const pairbath_reader_request *request, reader_output *output) {
  size_t start[PAIRBATH_READER_RANK + 1] = {0}, count[PAIRBATH_READER_RANK + 1] = {0};
  uint64_t total;
  int code = block(request, start, count, &total);
  if (code != 0) return code;
  reader_place place;
  if (!find(now, request, &place)) return PAIRBATH_READER_REFUSED;
  output->used = total * sizeof(double);
  if (output->used > output->capacity) return PAIRBATH_READER_TOO_SMALL;
  return nc_get_vara_double(place.group, place.variable, start, count, (double *)output->bytes);
}

static int read_strings(const state *now, const pairbath_reader_request *request, reader_output *output) {
  size_t start[PAIRBATH_READER_RANK + 1] = {0}, count[PAIRBATH_READER_RANK + 1] = {0};
  uint64_t total;
  nc_type type = NC_NAT;
  int code = block(request, start, count, &total);
  if (code != 0) return code;
  reader_place place;
  if (!find(now, request, &place) || nc_inq_vartype(place.group, place.variable, &type) != NC_NOERR || type != NC_STRING) {
    return PAIRBATH_READER_REFUSED;
  }
  char **strings = calloc(total, sizeof(char *));
  if (!strings) return NC_ENOMEM;
  code = nc_get_vara_string(place.group, place.variable, start, count, strings);
  for (uint64_t i = 0; code == NC_NOERR && i < total; i++) {
    const char *text = strings[i] ? strings[i] : "";
    pairbath_reader_put(output, text, strlen(text) + 1);
  }
  if (code == NC_NOERR) nc_free_string(total, strings);
  free(strings);
  return code != NC_NOERR ? code : output->used > output->capacity ? PAIRBATH_READER_TOO_SMALL : 0;
}

static int answer(state *now, const pairbath_reader_request *request, uint64_t *bytes) {
  if (request->operation == PAIRBATH_READER_OPEN) return open_file(now);
  if (now->contents.file < 0 || request->offset > request->window_bytes || request->offset % 8 != 0) return PAIRBATH_READER_REFUSED;
  int code = map_window(now, request->window_bytes);
  if (code != 0) return code;
  reader_output output = {now->window + request->offset, request->window_bytes - request->offset, 0};
  switch (request->operation) {
  case PAIRBATH_READER_DESCRIBE: code = pairbath_reader_describe(&now->contents, &output); break;
  case PAIRBATH_READER_DOUBLES: code = read_doubles(now, request, &output); break;
  case PAIRBATH_READER_STRINGS: code = read_strings(now, request, &output); break;
  default: code = PAIRBATH_READER_REFUSED;
  }
  *bytes = output.used;
  if (code == 0 && output.used > output.capacity) code = PAIRBATH_READER_TOO_SMALL;
  return code;
}

void pairbath_reader_serve(void) {
  state now = {{-1, NULL, 0, 0}, NULL, 0};
  for (;;) {
    pairbath_reader_request request;
    ssize_t count = recv(READER_SOCKET, &request, sizeof request, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count != sizeof request) _exit(0);
    pairbath_reader_answer reply = {request.operation, 0, 0};
    reply.code = answer(&now, &request, &reply.bytes);
    while ((count = send(READER_SOCKET, &reply, sizeof reply, MSG_NOSIGNAL)) < 0 && errno == EINTR) {}
    if (count != sizeof reply) _exit(0);
  }
}
