// libdeflate for Swift: it packs what is in memory as a whole, at a quarter of what zlib takes for the same size.
#ifndef CDEFLATE_SHIM_H
#define CDEFLATE_SHIM_H

#include <libdeflate.h>

#endif
