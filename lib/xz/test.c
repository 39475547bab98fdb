#include <lzma.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    uint8_t text[] = "a text, a text, a text", packed[1000], back[100];
    size_t packed_size = 0, size = 0, position = 0;
    uint64_t memory = 1 << 26;
    if (lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, text, sizeof text, packed, &packed_size, sizeof packed)) return 1;
    if (lzma_stream_buffer_decode(&memory, 0, NULL, packed, &position, packed_size, back, &size, sizeof back)) return 2;
    if (size != sizeof text || memcmp(text, back, size)) return 3;
    puts(lzma_version_string());
}
