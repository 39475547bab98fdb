#include <stdio.h>
#include <string.h>
#include <words/words.h>

int main(void) {
    struct word *list = NULL;
    list = words_add(list, "a");
    list = words_add(list, "b");
    list = words_add(list, "a");
    if (list->count != 2 || strcmp(list->text, "a")) return 1;
    if (list->next->count != 1 || list->next->next) return 2;
    puts("good");
}
