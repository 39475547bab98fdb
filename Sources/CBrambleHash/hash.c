// SHA-256 of several contents at once. The rounds of one content depend on each other, so a processor that has no instructions
// for them has nothing to do most of the time; those of other contents fill it.
#include "CBrambleHash.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>

#define BLOCK 64

// FIPS 180-4, 4.2.2 and 5.3.3.
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
static const uint32_t initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static const uint8_t zeros[BLOCK];

// A content on its way through one lane: first its whole blocks, then the tail, which is what is left of it, a bit, zeros, and
// its size in bits.
struct lane {
    struct bramble_hash_job *job;
    const uint8_t *next;
    size_t blocks_left;
    int is_in_tail;
    uint8_t tail[2 * BLOCK];
};

static void store_word(uint8_t *bytes, uint32_t word) {
    word = __builtin_bswap32(word);
    memcpy(bytes, &word, sizeof word);
}

// Returns 0 if the tail has been hashed already.
static int begin_tail(struct lane *lane) {
    if (lane->is_in_tail) return 0;
    lane->is_in_tail = 1;
    size_t rest = lane->job->size % BLOCK;
    lane->blocks_left = rest + 1 + sizeof(uint64_t) <= BLOCK ? 1 : 2;
    size_t end = lane->blocks_left * BLOCK;
    memset(lane->tail, 0, end);
    if (rest) memcpy(lane->tail, lane->job->bytes + (lane->job->size - rest), rest);
    lane->tail[rest] = 0x80;
    uint64_t bits = __builtin_bswap64((uint64_t)lane->job->size * 8);
    memcpy(lane->tail + end - sizeof bits, &bits, sizeof bits);
    lane->next = lane->tail;
    return 1;
}

static void begin(struct lane *lane, struct bramble_hash_job *job) {
    lane->job = job;
    lane->next = job->bytes;
    lane->blocks_left = job->size / BLOCK;
    lane->is_in_tail = 0;
    if (!lane->blocks_left) begin_tail(lane);
}

static size_t fewest_blocks(const struct lane *lanes, int count) {
    size_t fewest = SIZE_MAX;
    for (int number = 0; number < count; number++)
        if (lanes[number].job && lanes[number].blocks_left < fewest)
            fewest = lanes[number].blocks_left;
    return fewest;
}

// See `STAGE`.
#define UPPER_1 0, 8, 2, 10, 4, 12, 6, 14
#define LOWER_1 1, 9, 3, 11, 5, 13, 7, 15
#define UPPER_2 0, 1, 8, 9, 4, 5, 12, 13
#define LOWER_2 2, 3, 10, 11, 6, 7, 14, 15
#define UPPER_4 0, 1, 2, 3, 8, 9, 10, 11
#define LOWER_4 4, 5, 6, 7, 12, 13, 14, 15
#define STAGES STAGE(1) STAGE(2) STAGE(4)
#define LANES 8
#define NAME(x) narrow_##x
#define TARGET __attribute__((target("avx2")))
#include "lanes.h"
#undef UPPER_1
#undef LOWER_1
#undef UPPER_2
#undef LOWER_2
#undef UPPER_4
#undef LOWER_4
#undef STAGES
#undef LANES
#undef NAME
#undef TARGET

#define UPPER_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define LOWER_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#define UPPER_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define LOWER_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define UPPER_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define LOWER_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define UPPER_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define LOWER_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define STAGES STAGE(1) STAGE(2) STAGE(4) STAGE(8)
#define LANES 16
#define NAME(x) wide_##x
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))
#include "lanes.h"

// Where the processor has SHA-256 itself, libraries use it, and one content after the other is nearly as fast.
static int has_instructions_for_hashing(void) {
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29);
}

size_t bramble_hash_width(void) {
    if (has_instructions_for_hashing()) return 1;
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl"))
        return 16;
    return __builtin_cpu_supports("avx2") ? 8 : 1;
}

int bramble_hash_many(struct bramble_hash_job *jobs, size_t count, size_t width) {
    switch (width) {
    case 16: wide_hash_many(jobs, count); return 1;
    case 8: narrow_hash_many(jobs, count); return 1;
    default: return 0;
    }
}

#else

size_t bramble_hash_width(void) { return 1; }

int bramble_hash_many(struct bramble_hash_job *jobs, size_t count, size_t width) {
    (void)jobs, (void)count, (void)width;
    return 0;
}

#endif
