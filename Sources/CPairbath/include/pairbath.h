// Pairbath as a C library: models in, results out.
//
// Link with -lpairbath. Everything here may be called from several threads at once, also with one model on all of them; nothing is global,
// and neither signals nor the locale are touched; but OpenBLAS is set to one thread (parallelism is the library's own), and the first file
// that is written sets HDF5_USE_FILE_LOCKING where it is not set. Text is UTF-8. Functions that can fail return NULL (or a code that is not 0) and, where
// `error` is not NULL, a description there, to be freed with pairbath_error_free. What a function returns is the caller's, to be freed with
// the function named; what a structure points to lives as long as the object it came from.
//
//   pairbath_source source = {.file = "model.yaml"};
//   pairbath_error *error = NULL;
//   pairbath_model *model = pairbath_model_read(&source, &error);
//   pairbath_result *result = model ? pairbath_run(model, 0, NULL, NULL, &error) : NULL;
//   if (result) pairbath_result_write(result, "result.nc", &error);
//   else fprintf(stderr, "%s\n", error->message);
//   pairbath_result_free(result);
//   pairbath_model_free(model);
//   pairbath_error_free(error);
#ifndef PAIRBATH_H
#define PAIRBATH_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Changes when anything here changes its meaning; compare it with pairbath_abi().
#define PAIRBATH_ABI 1

/// A model that was read and checked.
typedef struct pairbath_model pairbath_model;
/// A result that was computed or read.
typedef struct pairbath_result pairbath_result;

/// Why something could not be done. No pointer is NULL; what does not apply is "" or 0.
typedef struct {
  /// What the command's exit code would be: 64 usage, 65 model or data, 70 no state reached its tolerance, 74 files, 130 ended.
  int32_t exit_code;
  /// The kind of fault, for example "outOfRange".
  const char *code;
  /// Everything in one line, as the command prints it.
  const char *message;
  /// The file concerned, line and column from 1, and the key path, for example "electrodes.L.broadening".
  const char *file;
  int64_t line;
  int64_t column;
  const char *key_path;
  /// What was found there, what is allowed, and what to try next.
  const char *found;
  const char *allowed;
  const char *hint;
} pairbath_error;

void pairbath_error_free(pairbath_error *error);

/// One array of a model, what a variable of a data file is. It is copied.
typedef struct {
  const char *name;
  int32_t rank;
  const int64_t *shape;
  /// Real parts in row-major order.
  const double *values;
  /// Imaginary parts, or NULL.
  const double *imaginary;
  /// Names and texts of attributes in turn, ended by NULL; or NULL.
  const char *const *attributes;
} pairbath_array;

/// What a model is read from.
typedef struct {
  /// The model (YAML), or NULL to read `file`.
  const char *text;
  /// The path of the model file; with `text`, what messages call it, or NULL.
  const char *file;
  /// Where the data files are that `text` names; NULL is the working directory.
  const char *folder;
  /// Arrays for `file: memory` in the model, and for `{array: NAME}` in its sweep.
  const pairbath_array *arrays;
  int64_t array_count;
  /// Changes PATH=VALUE as behind --set.
  const char *const *overrides;
  int64_t override_count;
  /// Relative tolerance in place of the model's; 0 keeps it.
  double tolerance;
} pairbath_source;

/// PAIRBATH_ABI of the library.
int32_t pairbath_abi(void);
/// The version of the library, for example "0.1.0". Not to be freed.
const char *pairbath_version(void);

/// Reads a model and checks it.
pairbath_model *pairbath_model_read(const pairbath_source *source, pairbath_error **error);
/// The same model with further changes, arrays (in addition) and tolerance of `change`; its text, file and folder are not looked at. What the model was read from is
/// not parsed again.
pairbath_model *pairbath_model_change(const pairbath_model *model, const pairbath_source *change, pairbath_error **error);
void pairbath_model_free(pairbath_model *model);
/// Writes model.yaml with all changes and, where there are arrays, junction.nc into a folder that exists, for `pairbath run`. Never over what
/// the model was read from, nor without data files that it names by relative paths. 0 when done.
int32_t pairbath_model_save(const pairbath_model *model, const char *folder, pairbath_error **error);

/// What the model is, in JSON: title, units, kind, parts and states. Free with pairbath_text_free.
char *pairbath_model_description(const pairbath_model *model, pairbath_error **error);
/// Names of everything that may be asked for, with units and words, in JSON. Free with pairbath_text_free.
char *pairbath_model_observables(const pairbath_model *model, pairbath_error **error);
/// Seconds and bytes a run is expected to take, the time by running parts of it for about a second. 0 when done.
int32_t pairbath_model_plan(
    const pairbath_model *model, int32_t workers, double *seconds, int64_t *bytes, pairbath_error **error);
void pairbath_text_free(char *text);

/// Told about ten times a second, on the thread that called, what is being done and how much of it is done; another value than 0 ends the run
/// within half a second.
typedef int32_t (*pairbath_monitor)(void *context, const char *stage, int64_t done, int64_t total);

/// Computes every state on `workers` threads, 0 for all cores; the numbers do not depend on it. A run that was ended returns what it has
/// finished, with the exit code 130, or NULL when nothing was.
pairbath_result *pairbath_run(
    const pairbath_model *model, int32_t workers, pairbath_monitor monitor, void *context, pairbath_error **error);

/// Computes states of a junction at any values of the sweep variables of its model: `count` rows of `values`, one value per variable in the
/// model's order and units. The result has one axis, `point`, and no attributes: those of pairbath_run hold. The sweep may not change the junction itself.
pairbath_result *pairbath_run_at(
    const pairbath_model *model, const double *values, int64_t count, int32_t workers, pairbath_monitor monitor, void *context,
    pairbath_error **error);

/// An attribute: a text, or `count` numbers when `text` is NULL.
typedef struct {
  const char *name;
  const char *text;
  const double *numbers;
  int64_t count;
} pairbath_attribute;

/// Kinds of variables.
enum { PAIRBATH_DOUBLES = 1, PAIRBATH_INTEGERS = 2, PAIRBATH_STRINGS = 3 };

/// A variable of a result, as in its result file.
typedef struct {
  const char *name;
  int32_t kind;
  int32_t rank;
  /// Names and lengths of the dimensions, slowest first.
  const char *const *dimensions;
  const int64_t *shape;
  /// Number of elements, row-major, and where they are: `numbers` (integers too), or `strings`.
  int64_t count;
  const double *numbers;
  const char *const *strings;
  const pairbath_attribute *attributes;
  int64_t attribute_count;
} pairbath_variable;

/// Everything in a result. Numbers are those the library computed, not copies.
typedef struct {
  const pairbath_variable *variables;
  int64_t variable_count;
  const pairbath_attribute *attributes;
  int64_t attribute_count;
  /// The command's exit code: 0 done; 1 some states have no answer; 70 no state reached its tolerance; 130 ended.
  int32_t exit_code;
  /// What a user must know before the numbers are used, a sentence each.
  const char *const *notes;
  int64_t note_count;
} pairbath_contents;

/// The contents, which live as long as the result.
const pairbath_contents *pairbath_result_contents(const pairbath_result *result);
/// Writes a result file (NetCDF-4), whole or not at all. 0 when done.
int32_t pairbath_result_write(const pairbath_result *result, const char *path, pairbath_error **error);
/// Reads a result file.
pairbath_result *pairbath_result_read(const char *path, pairbath_error **error);
void pairbath_result_free(pairbath_result *result);

/// A search for the values of numbers of a model that make one number of its state largest or smallest.
typedef struct {
  /// Names of what may change, with the ends of their ranges.
  const char *const *names;
  const double *lower;
  const double *upper;
  int64_t count;
  /// For example "cooling_power", "charge_current:L", "power*efficiency".
  const char *objective;
  /// 1 for the largest value, 0 for the smallest.
  int32_t maximize;
  /// Most evaluations, and the part of the ranges by which values still move when the search rests.
  int64_t evaluations;
  double tolerance;
} pairbath_search;

/// What a search found.
typedef struct {
  /// As many values as names.
  const double *values;
  int64_t count;
  /// The objective there, with its numerical error.
  double objective;
  double objective_error;
  const char *unit;
  int64_t evaluations;
  /// 1 when the search came to rest, 0 when evaluations ran out, -1 when the monitor ended it.
  int32_t converged;
  /// The model with these values.
  const char *model_text;
  /// What keeps all of it; for the library itself.
  void *owner;
} pairbath_optimum;

/// Searches; `monitor` as in a run. Free with pairbath_optimum_free.
pairbath_optimum *pairbath_optimize(
    const pairbath_model *model, const pairbath_search *search, pairbath_monitor monitor, void *context, pairbath_error **error);
void pairbath_optimum_free(pairbath_optimum *optimum);

#ifdef __cplusplus
}
#endif
#endif
