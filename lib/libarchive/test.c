#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>

/* Writes an archive to memory and reads it again. */
int main(void) {
    static char memory[65536];
    size_t used = 0;
    struct archive *writer = archive_write_new();
    archive_write_add_filter_xz(writer);
    archive_write_set_format_pax_restricted(writer);
    if (archive_write_open_memory(writer, memory, sizeof memory, &used)) return 1;
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, "name");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, 4);
    if (archive_write_header(writer, entry) || archive_write_data(writer, "text", 4) != 4) return 2;
    archive_write_close(writer);

    struct archive *reader = archive_read_new();
    archive_read_support_filter_all(reader);
    archive_read_support_format_all(reader);
    if (archive_read_open_memory(reader, memory, used) || archive_read_next_header(reader, &entry)) return 3;
    printf("%s: %s\n", archive_version_string(), archive_entry_pathname(entry));
}
