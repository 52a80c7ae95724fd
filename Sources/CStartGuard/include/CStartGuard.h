// Before anything runs: is there room for what OpenBLAS needs to start, and what was the command?
#pragma once

/// Maps OpenBLAS' buffer of this thread when the address space is limited, so that nothing else can take its place.
/// Returns 0, or -1 when there is no room for it. Call it once, before the first matrix is multiplied.
int pairbath_reserve_blas_buffer(void);

/// A word of the command line, the program itself being the first; NULL behind the last one, and where the system does not tell.
const char *pairbath_word(int index);
