#include "words.h"

#include <stdlib.h>
#include <string.h>

struct word *words_add(struct word *list, const char *text) {
    struct word **place = &list;
    while (*place && strcmp((*place)->text, text)) place = &(*place)->next;
    if (!*place) {
        *place = calloc(1, sizeof **place);
        if (!*place || !((*place)->text = strdup(text))) abort();
    }
    (*place)->count++;
    return list;
}
