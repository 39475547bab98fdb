/* Reads words from standard input, and prints how often each came. */
#include <stdio.h>
#include <words/words.h>

int main(void) {
    char word[100];
    struct word *list = NULL;
    while (scanf("%99s", word) == 1) list = words_add(list, word);
    for (; list; list = list->next) printf("%lu %s\n", list->count, list->text);
}
