#include <bzlib.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    char text[] = "a text, a text, a text", packed[1000], back[100];
    unsigned int packed_size = sizeof packed, size = sizeof back;
    if (BZ2_bzBuffToBuffCompress(packed, &packed_size, text, sizeof text, 9, 0, 0) != BZ_OK) return 1;
    if (BZ2_bzBuffToBuffDecompress(back, &size, packed, packed_size, 0, 0) != BZ_OK) return 2;
    if (size != sizeof text || memcmp(text, back, size)) return 3;
    puts(BZ2_bzlibVersion());
}
