// The library is written in Swift (Sources/PairbathCABI); this target is its header.
#include "pairbath.h"
