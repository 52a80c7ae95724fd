// Prototypes of the LAPACK routines Pairbath calls (Fortran symbols of libopenblas).
// Complex arguments are void *, so that Swift's Complex<Double> buffers pass uncopied;
// trailing size_t arguments are the lengths of the Fortran CHARACTER arguments.
#ifndef PAIRBATH_CLINEARALGEBRA_H
#define PAIRBATH_CLINEARALGEBRA_H
#include <stddef.h>
#include <stdint.h>

void zgetrf_(const int32_t *m, const int32_t *n, void *a, const int32_t *lda, int32_t *ipiv, int32_t *info);
void zgetrs_(const char *trans, const int32_t *n, const int32_t *nrhs, const void *a, const int32_t *lda,
             const int32_t *ipiv, void *b, const int32_t *ldb, int32_t *info, size_t);
void zpotrf_(const char *uplo, const int32_t *n, void *a, const int32_t *lda, int32_t *info, size_t);
void zheevd_(const char *jobz, const char *uplo, const int32_t *n, void *a, const int32_t *lda, double *w, void *work,
             const int32_t *lwork, double *rwork, const int32_t *lrwork, int32_t *iwork, const int32_t *liwork,
             int32_t *info, size_t, size_t);
void zgeev_(const char *jobvl, const char *jobvr, const int32_t *n, void *a, const int32_t *lda, void *w, void *vl,
            const int32_t *ldvl, void *vr, const int32_t *ldvr, void *work, const int32_t *lwork, double *rwork,
            int32_t *info, size_t, size_t);
void zgesdd_(const char *jobz, const int32_t *m, const int32_t *n, void *a, const int32_t *lda, double *s, void *u,
             const int32_t *ldu, void *vt, const int32_t *ldvt, void *work, const int32_t *lwork, double *rwork,
             int32_t *iwork, int32_t *info, size_t);
void zgges_(const char *jobvsl, const char *jobvsr, const char *sort, const void *selctg, const int32_t *n, void *a,
            const int32_t *lda, void *b, const int32_t *ldb, int32_t *sdim, void *alpha, void *beta, void *vsl,
            const int32_t *ldvsl, void *vsr, const int32_t *ldvsr, void *work, const int32_t *lwork, double *rwork,
            int32_t *bwork, int32_t *info, size_t, size_t, size_t);
void ztgsen_(const int32_t *ijob, const int32_t *wantq, const int32_t *wantz, const int32_t *select, const int32_t *n,
             void *a, const int32_t *lda, void *b, const int32_t *ldb, void *alpha, void *beta, void *q,
             const int32_t *ldq, void *z, const int32_t *ldz, int32_t *m, double *pl, double *pr, double *dif,
             void *work, const int32_t *lwork, int32_t *iwork, const int32_t *liwork, int32_t *info);
void ztgevc_(const char *side, const char *howmny, const int32_t *select, const int32_t *n, const void *s,
             const int32_t *lds, const void *p, const int32_t *ldp, void *vl, const int32_t *ldvl, void *vr,
             const int32_t *ldvr, const int32_t *mm, int32_t *m, void *work, double *rwork, int32_t *info, size_t,
             size_t);
void zgeqp3_(const int32_t *m, const int32_t *n, void *a, const int32_t *lda, int32_t *jpvt, void *tau, void *work,
             const int32_t *lwork, double *rwork, int32_t *info);
void zunmqr_(const char *side, const char *trans, const int32_t *m, const int32_t *n, const int32_t *k, const void *a,
             const int32_t *lda, const void *tau, void *c, const int32_t *ldc, void *work, const int32_t *lwork,
             int32_t *info, size_t, size_t);
void zgbtrf_(const int32_t *m, const int32_t *n, const int32_t *kl, const int32_t *ku, void *ab, const int32_t *ldab,
             int32_t *ipiv, int32_t *info);
void zgbtrs_(const char *trans, const int32_t *n, const int32_t *kl, const int32_t *ku, const int32_t *nrhs,
             const void *ab, const int32_t *ldab, const int32_t *ipiv, void *b, const int32_t *ldb, int32_t *info,
             size_t);
void zpbtrf_(const char *uplo, const int32_t *n, const int32_t *kd, void *ab, const int32_t *ldab, int32_t *info,
             size_t);
#endif
