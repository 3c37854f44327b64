// libdeflate for Swift: it packs what is in memory as a whole, at half of what zlib takes, or less.
#ifndef CDEFLATE_SHIM_H
#define CDEFLATE_SHIM_H

#include <libdeflate.h>

#endif
