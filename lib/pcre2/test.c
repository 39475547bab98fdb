#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

int main(void) {
    int error;
    PCRE2_SIZE offset;
    PCRE2_SPTR pattern = (PCRE2_SPTR) "(?<what>n\\w+e)$", text = (PCRE2_SPTR) "in hay needle";
    pcre2_code *code = pcre2_compile(pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF, &error, &offset, NULL);
    if (!code || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE)) return 1;
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    if (pcre2_match(code, text, PCRE2_ZERO_TERMINATED, 0, 0, data, NULL) != 2) return 2;
    PCRE2_SIZE *found = pcre2_get_ovector_pointer(data);
    printf("%s at %zu\n", (const char *) text + found[2], found[2]);
}
