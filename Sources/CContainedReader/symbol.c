// Looking up functions of the HDF5 library that the NetCDF library is built on.
#define _GNU_SOURCE
#include "CContainedReader.h"

#include <dlfcn.h>
#include <netcdf.h>
#include <stddef.h>

void *pairbath_reader_symbol(const char *name) {
  void *found = dlsym(RTLD_DEFAULT, name);
  if (found) return found;
  Dl_info where;
  if (!dladdr((void *)&nc_strerror, &where) || !where.dli_fname) return NULL;
  // Only a library that is loaded already; its dependencies are searched too.
  void *library = dlopen(where.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  return library ? dlsym(library, name) : NULL;
}
