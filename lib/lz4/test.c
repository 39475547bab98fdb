#include <lz4.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    char text[] = "a text, a text, a text, a text", packed[100], back[100];
    int size = LZ4_compress_default(text, packed, sizeof text, sizeof packed);
    if (LZ4_decompress_safe(packed, back, size, sizeof back) != sizeof text || strcmp(text, back)) return 1;
    puts(LZ4_versionString());
}
