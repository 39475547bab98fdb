#include <archive.h>
#include <archive_entry.h>
// libarchive's own dependency: it does not check the checksums of gzip, so that is done without it.
#include <zlib.h>
