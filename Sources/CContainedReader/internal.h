// What the files of the reader share.
#ifndef CCONTAINEDREADER_INTERNAL_H
#define CCONTAINEDREADER_INTERNAL_H

#include "CContainedReader.h"

/// Descriptors of the child.
enum { READER_SOCKET = 3, READER_FILE = 4, READER_WINDOW = 5 };

/// Answers requests until the parent goes; never returns.
_Noreturn void pairbath_reader_serve(void);

/// Bytes that go to the window as far as it reaches, and are counted in any case.
typedef struct {
  unsigned char *bytes;
  uint64_t capacity;
  uint64_t used;
} reader_output;

void pairbath_reader_put(reader_output *output, const void *bytes, uint64_t count);

/// Writes the description of an open file; returns a NetCDF code.
int pairbath_reader_describe(int file, reader_output *output);

#endif
