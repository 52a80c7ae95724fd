// OpenBLAS: the C interface to BLAS. LAPACK prototypes live in CLinearAlgebra.
#include <cblas.h>
