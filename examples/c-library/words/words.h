/* Counts words. */
#ifndef WORDS_H
#define WORDS_H

struct word {
    char *text;
    unsigned long count;
    struct word *next;
};

/* Counts one more of a word, in a list in the order in which they came. Returns the list; it owns a copy of the text. */
struct word *words_add(struct word *list, const char *text);

#endif
