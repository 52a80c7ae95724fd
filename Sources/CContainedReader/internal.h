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

/// Where a variable is: a group (the file itself or one below) and its number there.
typedef struct {
  int group;
  int variable;
} reader_place;

/// All variables of an open file: those of the file itself first, then those of its groups, each group before the ones below it.
typedef struct {
  int file;
  reader_place *places;
  uint64_t count;
  uint64_t capacity;
} reader_contents;

/// Finds the variables of `contents->file`; returns a NetCDF code.
int pairbath_reader_find(reader_contents *contents);

/// Writes the description of an open file; returns a NetCDF code.
int pairbath_reader_describe(const reader_contents *contents, reader_output *output);

#endif
