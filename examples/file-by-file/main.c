#include <stdio.h>
#include <stdlib.h>

#include "operations.h"

int main(int count, char **words) {
    if (count != 4) {
        fprintf(stderr, "usage: calculator A +|-|x B\n");
        return 2;
    }
    long a = atol(words[1]), b = atol(words[3]);
    switch (words[2][0]) {
        case '+': printf("%ld\n", add(a, b)); break;
        case '-': printf("%ld\n", subtract(a, b)); break;
        case 'x': printf("%ld\n", multiply(a, b)); break;
        default: return 2;
    }
}
