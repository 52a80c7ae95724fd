// Names, dimensions, types and attributes of everything in a file, as bytes in the order of the machine:
//
//   file        attributes, u32 number of variables, variables
//   variable    text name (behind the names of its groups: "SPARSE/H"), i32 type, u32 rank, rank times (text name, u64 length), u64 length of a chunk along the first
//               dimension (0: not chunked), attributes
//   attributes  u32 number, each: text name, i32 type, i32 code of reading it, u32 kind, u64 bytes, bytes
//   text        u32 bytes, bytes
#include "internal.h"

#include <netcdf.h>
#include <stdlib.h>
#include <string.h>

/// Attributes longer than this are not handed over.
static const size_t most_bytes = (size_t)1 << 27;

static void put_u32(reader_output *output, uint32_t value) { pairbath_reader_put(output, &value, sizeof value); }
static void put_i32(reader_output *output, int32_t value) { pairbath_reader_put(output, &value, sizeof value); }
static void put_u64(reader_output *output, uint64_t value) { pairbath_reader_put(output, &value, sizeof value); }

static void put_text(reader_output *output, const char *text) {
  uint32_t count = (uint32_t)strnlen(text, NC_MAX_NAME + 1);
  put_u32(output, count);
  pairbath_reader_put(output, text, count);
}

static void put_value(reader_output *output, int code, uint32_t kind, const void *bytes, uint64_t count) {
  put_i32(output, code);
  put_u32(output, kind);
  put_u64(output, count);
  pairbath_reader_put(output, bytes, count);
}

/// Several strings are lines of one text.
static void put_strings(reader_output *output, int file, int variable, const char *name, size_t length) {
  char **strings = calloc(length, sizeof(char *));
  int code = strings ? nc_get_att_string(file, variable, name, strings) : NC_ENOMEM;
  if (code != NC_NOERR) {
    put_value(output, code, PAIRBATH_ATTRIBUTE_OTHER, NULL, 0);
    free(strings);
    return;
  }
  uint64_t total = length > 0 ? length - 1 : 0;
  for (size_t i = 0; i < length; i++) total += strings[i] ? strlen(strings[i]) : 0;
  put_i32(output, NC_NOERR);
  put_u32(output, PAIRBATH_ATTRIBUTE_TEXT);
  put_u64(output, total);
  for (size_t i = 0; i < length; i++) {
    if (i > 0) pairbath_reader_put(output, "\n", 1);
    if (strings[i]) pairbath_reader_put(output, strings[i], strlen(strings[i]));
  }
  nc_free_string(length, strings);
  free(strings);
}

static void put_plain(reader_output *output, int file, int variable, const char *name, nc_type type, size_t length) {
  size_t size = type == NC_CHAR ? 1 : sizeof(double);
  void *bytes = malloc(length * size + 1);
  int code = NC_ENOMEM;
  if (bytes) {
    code = length == 0       ? NC_NOERR
           : type == NC_CHAR ? nc_get_att_text(file, variable, name, bytes)
                             : nc_get_att_double(file, variable, name, bytes);
  }
  uint32_t kind = type == NC_CHAR ? PAIRBATH_ATTRIBUTE_TEXT : PAIRBATH_ATTRIBUTE_NUMBERS;
  put_value(output, code, kind, bytes, code == NC_NOERR ? length * size : 0);
  free(bytes);
}

static int put_attribute(reader_output *output, int file, int variable, int number) {
  char name[NC_MAX_NAME + 1] = {0};
  nc_type type = NC_NAT;
  size_t length = 0;
  int code = nc_inq_attname(file, variable, number, name);
  if (code == NC_NOERR) code = nc_inq_att(file, variable, name, &type, &length);
  if (code != NC_NOERR) return code;
  put_text(output, name);
  put_i32(output, type);
  if (length > most_bytes) {
    put_value(output, NC_ENOMEM, PAIRBATH_ATTRIBUTE_OTHER, NULL, 0);
  } else if (type == NC_STRING && length > 0) {
    put_strings(output, file, variable, name, length);
  } else if (type >= NC_BYTE && type <= NC_UINT64) {
    put_plain(output, file, variable, name, type, length);
  } else {
    put_value(output, NC_NOERR, PAIRBATH_ATTRIBUTE_OTHER, NULL, 0);
  }
  return NC_NOERR;
}

static int put_attributes(reader_output *output, int file, int variable) {
  int count = 0;
  int code = variable == NC_GLOBAL ? nc_inq_natts(file, &count) : nc_inq_varnatts(file, variable, &count);
  if (code != NC_NOERR) return code;
  put_u32(output, (uint32_t)count);
  for (int i = 0; i < count && code == NC_NOERR; i++) code = put_attribute(output, file, variable, i);
  return code;
}

static int put_dimensions(reader_output *output, int file, int variable, int rank) {
  int numbers[NC_MAX_VAR_DIMS];
  if (rank < 0 || rank > NC_MAX_VAR_DIMS) return NC_EMAXDIMS;
  int code = nc_inq_vardimid(file, variable, numbers);
  put_u32(output, (uint32_t)rank);
  for (int d = 0; d < rank && code == NC_NOERR; d++) {
    char name[NC_MAX_NAME + 1] = {0};
    size_t length = 0;
    code = nc_inq_dim(file, numbers[d], name, &length);
    put_text(output, name);
    put_u64(output, length);
  }
  return code;
}

/// Length of a chunk along the first dimension; 0 for a variable that is not chunked.
static uint64_t chunk(int file, int variable, int rank) {
  size_t lengths[NC_MAX_VAR_DIMS] = {0};
  int storage = NC_CONTIGUOUS;
  if (rank == 0 || nc_inq_var_chunking(file, variable, &storage, lengths) != NC_NOERR) return 0;
  return storage == NC_CHUNKED ? lengths[0] : 0;
}

/// Groups below groups deeper than this are not looked at.
enum { deepest_group = 8 };

/// Most groups of a group, and most variables of a file.
enum { most_groups = 4096, most_variables = 1 << 20 };

static int add_variables(reader_contents *contents, int group) {
  int count = 0;
  int code = nc_inq_nvars(group, &count);
  if (code != NC_NOERR || count <= 0) return code;
  if (contents->count + (uint64_t)count > most_variables) return NC_EMAXVARS;
  if (contents->count + (uint64_t)count > contents->capacity) {
    uint64_t capacity = 2 * contents->capacity + (uint64_t)count;
    reader_place *places = realloc(contents->places, capacity * sizeof *places);
    if (!places) return NC_ENOMEM;
    contents->places = places;
    contents->capacity = capacity;
  }
  for (int i = 0; i < count; i++) contents->places[contents->count++] = (reader_place){group, i};
  return NC_NOERR;
}

static int add_group(reader_contents *contents, int group, int depth) {
  int count = 0;
  int code = add_variables(contents, group);
  if (code != NC_NOERR || depth == deepest_group) return code;
  // Files of older formats have no groups.
  if (nc_inq_grps(group, &count, NULL) != NC_NOERR || count <= 0) return NC_NOERR;
  if (count > most_groups) return NC_EMAXVARS;
  int *groups = malloc((size_t)count * sizeof *groups);
  if (!groups) return NC_ENOMEM;
  code = nc_inq_grps(group, &count, groups);
  for (int i = 0; i < count && code == NC_NOERR; i++) code = add_group(contents, groups[i], depth + 1);
  free(groups);
  return code;
}

int pairbath_reader_find(reader_contents *contents) {
  contents->count = 0;
  return add_group(contents, contents->file, 0);
}

/// "GROUP/NAME" of a variable in a group, NAME of one of the file itself.
static int put_path(reader_output *output, int file, int group, const char *name) {
  if (group == file) {
    put_text(output, name);
    return NC_NOERR;
  }
  size_t length = 0;
  int code = nc_inq_grpname_full(group, &length, NULL);
  if (code != NC_NOERR) return code;
  char *path = calloc(length + NC_MAX_NAME + 3, 1);
  if (!path) return NC_ENOMEM;
  code = nc_inq_grpname_full(group, &length, path);
  if (code == NC_NOERR) {
    path[length] = '/';
    strncpy(path + length + 1, name, NC_MAX_NAME);
    // Full names begin with a slash.
    uint32_t count = (uint32_t)strlen(path + 1);
    put_u32(output, count);
    pairbath_reader_put(output, path + 1, count);
  }
  free(path);
  return code;
}

static int put_variable(reader_output *output, int root, reader_place place) {
  int file = place.group, variable = place.variable;
  char name[NC_MAX_NAME + 1] = {0};
  nc_type type = NC_NAT;
  int rank = 0;
  int code = nc_inq_varname(file, variable, name);
  if (code == NC_NOERR) code = nc_inq_vartype(file, variable, &type);
  if (code == NC_NOERR) code = nc_inq_varndims(file, variable, &rank);
  if (code == NC_NOERR) code = put_path(output, root, file, name);
  if (code != NC_NOERR) return code;
  put_i32(output, type);
  code = put_dimensions(output, file, variable, rank);
  if (code != NC_NOERR) return code;
  put_u64(output, chunk(file, variable, rank));
  return put_attributes(output, file, variable);
}

int pairbath_reader_describe(const reader_contents *contents, reader_output *output) {
  int code = put_attributes(output, contents->file, NC_GLOBAL);
  if (code != NC_NOERR) return code;
  put_u32(output, (uint32_t)contents->count);
  for (uint64_t i = 0; i < contents->count && code == NC_NOERR; i++) {
    code = put_variable(output, contents->file, contents->places[i]);
  }
  return code;
}
