// Swift's runtime finds out whether a type conforms to a protocol by reading every conformance record of the program, and
// remembers the answer for that pair. A program that is linked statically has about 12,000 records, each with a descriptor
// elsewhere in memory, and a run of `bramble` asks for 40 to 120 pairs that were not asked for before: for the options of the
// command line, for each new kind of dictionary. That was five sixths of the instructions of `bramble version`.
//
// Here, the records are read once, into a hash table from protocol and type to record. The linker puts the functions below in
// front of those of the runtime (`--wrap`, man 1 ld). They answer what the table alone can answer, which is nearly all, and
// leave to the runtime what takes more: conditions on arguments, superclasses, isolation to an actor, types that are
// compared by name.
//
// The layouts are those of swift/include/swift/ABI/Metadata.h and MetadataValues.h, for ELF without Objective-C.

#include "conformances.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

// A relative pointer: the target is that many bytes from where the number stands.
typedef int32_t relative;

// `TargetProtocolConformanceDescriptor`.
struct conformance {
    // The lowest bit says that a pointer to the protocol's descriptor is there, rather than the descriptor.
    relative protocol;
    // What is there is said in the flags.
    relative type;
    relative witness_table_pattern;
    uint32_t flags;
};

// `ConformanceFlags`.
enum {
    TYPE_REFERENCE_SHIFT = 3,
    TYPE_REFERENCE_MASK = 7,
    DIRECT_TYPE_DESCRIPTOR = 0,
    INDIRECT_TYPE_DESCRIPTOR = 1,
    CONDITIONAL_REQUIREMENTS_MASK = 0xff << 8,
    HAS_GLOBAL_ACTOR_ISOLATION = 1 << 19,
};

// `MetadataKind`: the first word of a type's metadata.
enum { STRUCT_KIND = 0x200, ENUM_KIND = 0x201, OPTIONAL_KIND = 0x202, EXISTENTIAL_KIND = 0x303 };

// The metadata of structs and enums starts like this (`TargetValueMetadata`).
struct value_type {
    uintptr_t kind;
    const uint32_t *descriptor;
};

// That of existential types (`TargetExistentialTypeMetadata`).
struct existential_type {
    uintptr_t kind;
    uint32_t flags;
    uint32_t protocol_count;
};

// `ContextDescriptorFlags`: the first 32 bits of a descriptor. One that is not unique, as those of imported C types, may stand
// in the program several times, and is compared by name.
enum { IS_UNIQUE = 1 << 6 };

// What the linker has gathered. `swift5_protocol_conformances` has relative pointers to descriptors.
extern const relative __start_swift5_protocol_conformances[] __attribute__((visibility("hidden")));
extern const relative __stop_swift5_protocol_conformances[] __attribute__((visibility("hidden")));

// The runtime's, from a conformance without conditions.
extern const void *swift_getWitnessTable(
    const struct conformance *conformance, const void *type, const void *const *arguments);

// The table: open addressing, at most half full. A slot is the number of a record and one, or 0.
static struct {
    uint32_t *slots;
    uintptr_t mask;
} table;
static pthread_once_t table_made = PTHREAD_ONCE_INIT;

static const void *target(const relative *pointer) {
    return (const char *)pointer + *pointer;
}

static const struct conformance *conformance_at(uint32_t slot) {
    return target(&__start_swift5_protocol_conformances[slot - 1]);
}

static const void *protocol_of(const struct conformance *conformance) {
    const char *place = target(&conformance->protocol);
    return (uintptr_t)place & 1 ? *(const void *const *)(place - 1) : place;
}

// Null if it is no descriptor that the reference names.
static const void *type_of(const struct conformance *conformance) {
    const void *place = target(&conformance->type);
    switch (conformance->flags >> TYPE_REFERENCE_SHIFT & TYPE_REFERENCE_MASK) {
    case DIRECT_TYPE_DESCRIPTOR: return place;
    case INDIRECT_TYPE_DESCRIPTOR: return *(const void *const *)place;
    default: return NULL;
    }
}

// Where a pair stands, or the free slot where it would. Descriptors lie at multiples of four.
static uint32_t *slot_for(const void *protocol, const void *type) {
    uintptr_t hash = ((uintptr_t)protocol >> 2) * 0x9e3779b97f4a7c15u ^ (uintptr_t)type >> 2;
    hash *= 0xff51afd7ed558ccdu;
    for (uintptr_t i = hash >> 32;; i++) {
        uint32_t *slot = &table.slots[i & table.mask];
        if (*slot == 0) return slot;
        const struct conformance *conformance = conformance_at(*slot);
        if (protocol_of(conformance) == protocol && type_of(conformance) == type) return slot;
    }
}

static void make_table(void) {
    uint32_t count = __stop_swift5_protocol_conformances - __start_swift5_protocol_conformances;
    uintptr_t size = 16;
    while (size < 2 * (uintptr_t)count) size *= 2;
    table.slots = calloc(size, sizeof *table.slots);
    if (table.slots == NULL) return;
    table.mask = size - 1;
    for (uint32_t record = 1; record <= count; record++) {
        const struct conformance *conformance = conformance_at(record);
        const void *type = type_of(conformance);
        if (type == NULL) continue;
        uint32_t *slot = slot_for(protocol_of(conformance), type);
        // Of several that say the same, the first is taken, as the runtime does.
        if (*slot == 0) *slot = record;
    }
}

enum bramble_conformance bramble_find_conformance(
    const void *type, const void *protocol, const void **witnesses
) {
    switch (*(const uintptr_t *)type) {
    case STRUCT_KIND:
    case ENUM_KIND:
    case OPTIONAL_KIND:
        break;
    case EXISTENTIAL_KIND:
        // Only that of a single protocol, as `any Error`, may conform itself. `Any` is asked for with each cast from it.
        return ((const struct existential_type *)type)->protocol_count == 0
            ? BRAMBLE_CONFORMS_NOT : BRAMBLE_CONFORMANCE_UNKNOWN;
    default:
        return BRAMBLE_CONFORMANCE_UNKNOWN;
    }
    const uint32_t *descriptor = ((const struct value_type *)type)->descriptor;
    if ((*descriptor & IS_UNIQUE) == 0) return BRAMBLE_CONFORMANCE_UNKNOWN;
    pthread_once(&table_made, make_table);
    if (table.slots == NULL) return BRAMBLE_CONFORMANCE_UNKNOWN;
    uint32_t slot = *slot_for(protocol, descriptor);
    if (slot == 0) return BRAMBLE_CONFORMS_NOT;
    const struct conformance *conformance = conformance_at(slot);
    if (conformance->flags & (CONDITIONAL_REQUIREMENTS_MASK | HAS_GLOBAL_ACTOR_ISOLATION)) {
        return BRAMBLE_CONFORMANCE_UNKNOWN;
    }
    *witnesses = swift_getWitnessTable(conformance, type, NULL);
    return BRAMBLE_CONFORMS;
}

// There is a dynamic section only where a dynamic linker may bring other images, with records of their own.
extern const char _DYNAMIC[] __attribute__((weak, visibility("hidden")));

// Puts the table in front of one of the runtime's functions.
#define IN_FRONT_OF(function, parameters, arguments)                                  \
    extern const void *__real_##function parameters;                                  \
    extern const void *__wrap_##function parameters;                                  \
    const void *__wrap_##function parameters {                                        \
        const void *witnesses = NULL;                                                 \
        if (_DYNAMIC == NULL                                                          \
            && bramble_find_conformance(type, protocol, &witnesses) != BRAMBLE_CONFORMANCE_UNKNOWN) { \
            return witnesses;                                                         \
        }                                                                             \
        return __real_##function arguments;                                           \
    }

IN_FRONT_OF(swift_conformsToProtocol, (const void *type, const void *protocol), (type, protocol))
IN_FRONT_OF(swift_conformsToProtocolCommon, (const void *type, const void *protocol), (type, protocol))
IN_FRONT_OF(
    swift_conformsToProtocolWithExecutionContext, (const void *type, const void *protocol, void *context),
    (type, protocol, context))
