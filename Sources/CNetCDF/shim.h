// NetCDF-4: every call and macro Pairbath uses imports as it is.
#include <netcdf.h>
