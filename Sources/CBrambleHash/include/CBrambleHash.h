#ifndef CBRAMBLE_HASH_H
#define CBRAMBLE_HASH_H

#include <stddef.h>
#include <stdint.h>

/// A content to hash, and its SHA-256 (FIPS 180-4).
struct bramble_hash_job {
    const uint8_t *bytes;
    size_t size;
    uint8_t digest[32];
};

/// How many contents this processor hashes in about the time of one: 16, 8, or 1 if hashing them one after the other is as
/// good, or its instructions are not known here.
size_t bramble_hash_width(void);

/// Hashes several contents, as many at once as the width says: one that this processor has, 16 or 8. No time is lost if those
/// of about the same size stand together.
///
/// Returns 0, and has done nothing, for any other width.
int bramble_hash_many(struct bramble_hash_job *jobs, size_t count, size_t width);

#endif
