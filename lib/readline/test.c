#include <stdio.h>
#include <readline/history.h>
#include <readline/readline.h>

int main(void) {
    using_history();
    add_history("first");
    add_history("second");
    history_set_pos(2);
    printf("%s: %s", rl_library_version, previous_history()->line);
    printf(" %s\n", previous_history()->line);
}
