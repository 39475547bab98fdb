#include <stdio.h>
#include <string.h>
#include <zlib.h>

int main(void) {
    unsigned char text[1000], packed[2000], back[1000];
    uLongf packed_size = sizeof packed, size = sizeof back;
    for (int i = 0; i < 1000; i++) text[i] = i % 7 * 31;
    if (compress(packed, &packed_size, text, sizeof text) != Z_OK || packed_size > 200) return 1;
    if (uncompress(back, &size, packed, packed_size) != Z_OK || memcmp(text, back, size)) return 2;
    printf("%s: %lu bytes and back\n", zlibVersion(), size);
}
