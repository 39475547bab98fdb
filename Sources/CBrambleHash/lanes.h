// SHA-256 (FIPS 180-4) of LANES contents, block by block, one in each lane of a vector. It is included once for each width,
// which defines LANES, NAME(x) (what `x` is called for that width), TARGET (the attribute of functions that use its
// instructions) and STAGES (see `load`).

typedef uint32_t NAME(vector) __attribute__((vector_size(4 * LANES)));

#define ROTATED(x, count) ((x) >> (count) | (x) << (32 - (count)))

// Rows i and i + DISTANCE exchange what lies off the diagonal of their squares of twice DISTANCE: the numbers say which words of
// the two, one row behind the other, each of them gets.
#define STAGE(DISTANCE)                                                                 \
    _Pragma("unroll") for (int row = 0; row < LANES; row++) {                           \
        if (row & DISTANCE) continue;                                                   \
        NAME(vector) upper = rows[row], lower = rows[row + DISTANCE];                   \
        rows[row] = __builtin_shufflevector(upper, lower, UPPER_##DISTANCE);            \
        rows[row + DISTANCE] = __builtin_shufflevector(upper, lower, LOWER_##DISTANCE); \
    }

// Reads a block of each content: words[t] gets the t-th word of all. Rows come in as the contents have them, and are
// transposed, first in squares of two by two, then of four by four, and so on.
TARGET static inline void NAME(load)(
    const uint8_t *const blocks[LANES], NAME(vector) words[16]) {
#pragma unroll
    for (int part = 0; part < 16 / LANES; part++) {
        NAME(vector) *rows = words + part * LANES;
#pragma unroll
        for (int lane = 0; lane < LANES; lane++)
            memcpy(&rows[lane], blocks[lane] + part * 4 * LANES, 4 * LANES);
        STAGES
    }
    // The highest byte of a word comes first.
#pragma unroll
    for (int word = 0; word < 16; word++)
        words[word] = (ROTATED(words[word], 8) & 0xFF00FF00)
            | (ROTATED(words[word], 24) & 0x00FF00FF);
}

// FIPS 180-4, 6.2.2, for a block of each content.
TARGET static void NAME(compress)(
    NAME(vector) state[8], const uint8_t *const blocks[LANES]) {
    NAME(vector) words[16];
    NAME(load)(blocks, words);
    NAME(vector) a = state[0], b = state[1], c = state[2], d = state[3];
    NAME(vector) e = state[4], f = state[5], g = state[6], h = state[7];
    for (int round = 0; round < 64; round += 16) {
#pragma unroll
        for (int word = 0; word < 16; word++) {
            if (round > 0) {
                NAME(vector) old = words[(word + 1) & 15], new = words[(word + 14) & 15];
                words[word] += words[(word + 9) & 15]
                    + (ROTATED(old, 7) ^ ROTATED(old, 18) ^ old >> 3)
                    + (ROTATED(new, 17) ^ ROTATED(new, 19) ^ new >> 10);
            }
            NAME(vector) first = h + (ROTATED(e, 6) ^ ROTATED(e, 11) ^ ROTATED(e, 25))
                + (g ^ (e & (f ^ g))) + constants[round + word] + words[word];
            NAME(vector) second = (ROTATED(a, 2) ^ ROTATED(a, 13) ^ ROTATED(a, 22))
                + ((a & b) | (c & (a | b)));
            h = g, g = f, f = e, e = d + first;
            d = c, c = b, b = a, a = first + second;
        }
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

TARGET static void NAME(hash_many)(struct bramble_hash_job *jobs, size_t count) {
    struct lane lanes[LANES] = {0};
    const uint8_t *blocks[LANES];
    NAME(vector) state[8];
    memset(state, 0, sizeof state);
    size_t begun = 0;
    for (;;) {
        int busy = 0;
        for (int number = 0; number < LANES; number++) {
            struct lane *lane = &lanes[number];
            if (lane->job && !lane->blocks_left && !begin_tail(lane)) {
                for (int word = 0; word < 8; word++)
                    store_word(lane->job->digest + 4 * word, state[word][number]);
                lane->job = NULL;
            }
            if (!lane->job && begun < count) {
                begin(lane, &jobs[begun++]);
                for (int word = 0; word < 8; word++)
                    state[word][number] = initial_state[word];
            }
            // What has no content goes over zeros, and nobody looks at what comes of it.
            blocks[number] = lane->job ? lane->next : zeros;
            busy += lane->job != NULL;
        }
        if (!busy) return;
        size_t steps = fewest_blocks(lanes, LANES);
        for (size_t step = 0; step < steps; step++) {
            NAME(compress)(state, blocks);
            for (int number = 0; number < LANES; number++)
                blocks[number] += lanes[number].job ? BLOCK : 0;
        }
        for (int number = 0; number < LANES; number++) {
            lanes[number].next = blocks[number];
            lanes[number].blocks_left -= lanes[number].job ? steps : 0;
        }
    }
}

#undef ROTATED
#undef STAGE
