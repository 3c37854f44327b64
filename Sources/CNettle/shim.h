// Nettle for Swift: hashes and base64. Not OpenSSL's, because a second libcrypto in the process gets in the way of a libcurl that
// brings its own: its symbols would be found first.
#ifndef CNETTLE_SHIM_H
#define CNETTLE_SHIM_H

#include <nettle/base64.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#endif
