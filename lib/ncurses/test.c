#include <curses.h>
#include <stdio.h>
#include <term.h>

int main(void) {
    int error;
    if (setupterm("xterm-256color", 1, &error) != OK) return 1;
    printf("xterm-256color has %d colours\n", tigetnum("colors"));
}
