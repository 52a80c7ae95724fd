// A child process that reads one NetCDF file for its parent.
//
// Damaged files crash the NetCDF and HDF5 libraries or keep them busy for ever. The child runs C code only, has limits on memory and
// time, opens nothing but the file, and hands over what it reads through a window of shared memory. The parent asks, one request at a
// time or two in a row, and believes nothing.
#ifndef CCONTAINEDREADER_H
#define CCONTAINEDREADER_H

#include <stdint.h>
#include <sys/types.h>

/// Most dimensions of a variable, those of HDF5.
#define PAIRBATH_READER_RANK 32

/// What the parent may ask for.
enum {
  /// Open the file; the answer's code is that of nc_open.
  PAIRBATH_READER_OPEN = 1,
  /// Write names, dimensions, types and attributes of everything into the window.
  PAIRBATH_READER_DESCRIBE = 2,
  /// Write a block of a variable's numbers, converted to double, into the window.
  PAIRBATH_READER_DOUBLES = 3,
  /// Write a block of a variable's strings, each ended by a zero byte, into the window.
  PAIRBATH_READER_STRINGS = 4
};

/// Codes of answers that are none of the NetCDF library's (0 and negative numbers).
enum {
  /// The window is too small; `bytes` says what is needed.
  PAIRBATH_READER_TOO_SMALL = 1000,
  /// The request makes no sense.
  PAIRBATH_READER_REFUSED = 1001
};

/// Kinds of an attribute's value in a description.
enum { PAIRBATH_ATTRIBUTE_OTHER = 0, PAIRBATH_ATTRIBUTE_TEXT = 1, PAIRBATH_ATTRIBUTE_NUMBERS = 2 };

/// One request; `start` and `count` hold `rank` numbers.
typedef struct {
  uint32_t operation;
  int32_t variable;
  uint32_t rank;
  uint32_t reserved;
  /// Size of the whole window, and where in it the answer belongs.
  uint64_t window_bytes;
  uint64_t offset;
  uint64_t start[PAIRBATH_READER_RANK];
  uint64_t count[PAIRBATH_READER_RANK];
} pairbath_reader_request;

/// One answer: a code, and the bytes written into the window.
typedef struct {
  uint32_t operation;
  int32_t code;
  uint64_t bytes;
} pairbath_reader_answer;

/// A running child and the parent's ends of what joins them.
typedef struct {
  pid_t process;
  /// Packets of requests and answers.
  int socket;
  /// Shared memory, empty at first; it grows and never shrinks.
  int window;
} pairbath_reader;

/// Starts a child that reads the open regular file `file` with at most `memory` bytes beyond the parent's address space and `seconds` of
/// computing time. Returns 0, or errno. No other thread may be inside the NetCDF library meanwhile.
int pairbath_reader_start(int file, uint64_t memory, uint64_t seconds, pairbath_reader *reader);

/// Enlarges the window to `bytes` and maps it; `old` (of `old_bytes`, or null) is unmapped. Returns null when there is no room.
void *pairbath_reader_map(const pairbath_reader *reader, void *old, uint64_t old_bytes, uint64_t bytes);

/// Ends the child if it still runs after so many milliseconds, collects it, and closes everything. Returns the status, as waitpid gives it, of a child that had ended
/// by itself, and -1 otherwise.
int pairbath_reader_stop(pairbath_reader *reader, void *window, uint64_t window_bytes, int milliseconds);

/// Computing time the child has used, in seconds; negative when it cannot be told.
double pairbath_reader_seconds(const pairbath_reader *reader);

/// A function of the HDF5 library below NetCDF, by its name; null when there is none. In a shared library, which may be loaded where others do not see its
/// symbols, it is looked for below the NetCDF library itself.
void *pairbath_reader_symbol(const char *name);

#endif
