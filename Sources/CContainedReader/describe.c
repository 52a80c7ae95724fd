// Names, dimensions, types and attributes of everything in a file, as bytes in the order of the machine:
//
//   file        attributes, u32 number of variables, variables
//   variable    text name, i32 type, u32 rank, rank times (text name, u64 length), u64 length of a chunk along the first
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

static int put_variable(reader_output *output, int file, int variable) {
  char name[NC_MAX_NAME + 1] = {0};
  nc_type type = NC_NAT;
  int rank = 0;
  int code = nc_inq_varname(file, variable, name);
  if (code == NC_NOERR) code = nc_inq_vartype(file, variable, &type);
  if (code == NC_NOERR) code = nc_inq_varndims(file, variable, &rank);
  if (code != NC_NOERR) return code;
  put_text(output, name);
  put_i32(output, type);
  code = put_dimensions(output, file, variable, rank);
  if (code != NC_NOERR) return code;
  put_u64(output, chunk(file, variable, rank));
  return put_attributes(output, file, variable);
}

int pairbath_reader_describe(int file, reader_output *output) {
  int count = 0;
  int code = put_attributes(output, file, NC_GLOBAL);
  if (code == NC_NOERR) code = nc_inq_nvars(file, &count);
  if (code != NC_NOERR) return code;
  put_u32(output, (uint32_t)count);
  for (int i = 0; i < count && code == NC_NOERR; i++) code = put_variable(output, file, i);
  return code;
}
