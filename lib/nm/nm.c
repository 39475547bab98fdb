/* Lists the symbols of ELF objects, of members of archives, and of shared libraries, as the nm of binutils does:
   nm [-g] [-u] [--defined-only] FILE... Enough of it for libtool and configure scripts. */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
static int undef_only, defined_only, ext_only;
static void elf(const unsigned char *b, size_t n) {
  const Elf64_Ehdr *h = (const void *)b;
  if (n < sizeof *h || memcmp(h->e_ident, ELFMAG, SELFMAG) || h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_shoff > n) return;
  const Elf64_Shdr *s = (const void *)(b + h->e_shoff);
  for (int i = 0; i < h->e_shnum; i++) {
    if (s[i].sh_type != SHT_SYMTAB && !(s[i].sh_type == SHT_DYNSYM && h->e_type == ET_DYN)) continue;
    const Elf64_Sym *y = (const void *)(b + s[i].sh_offset);
    const char *str = (const char *)b + s[s[i].sh_link].sh_offset;
    for (size_t k = 1; k < s[i].sh_size / sizeof *y; k++) {
      int bind = ELF64_ST_BIND(y[k].st_info), t = ELF64_ST_TYPE(y[k].st_info), x = y[k].st_shndx, c;
      if (t == STT_SECTION || t == STT_FILE || !str[y[k].st_name]) continue;
      if (x == SHN_UNDEF) c = bind == STB_WEAK ? 'w' : 'U';
      else if (bind == STB_WEAK) c = t == STT_OBJECT ? 'V' : 'W';
      else if (x == SHN_ABS) c = 'a';
      else if (x == SHN_COMMON) c = 'C';
      else if (x >= h->e_shnum) c = '?';
      else if (s[x].sh_flags & SHF_EXECINSTR) c = 't';
      else if (s[x].sh_type == SHT_NOBITS) c = 'b';
      else if (s[x].sh_flags & SHF_WRITE) c = 'd';
      else c = 'r';
      if (bind == STB_GLOBAL && c >= 'a' && c <= 'z' && c != 'w') c -= 32;
      if (bind == STB_LOCAL && ext_only) continue;
      if (x == SHN_UNDEF ? defined_only : undef_only) continue;
      if (x == SHN_UNDEF) printf("%16s %c %s\n", "", c, str + y[k].st_name);
      else printf("%016lx %c %s\n", (unsigned long)y[k].st_value, c, str + y[k].st_name);
    }
  }
}
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (argv[i][0] == '-') {
      if (!strcmp(argv[i], "--version") || !strcmp(argv[i], "-V")) { puts("GNU nm compatible (small)"); return 0; }
      if (!strcmp(argv[i], "--defined-only")) defined_only = 1;
      else if (argv[i][1] != '-') { if (strchr(argv[i], 'u')) undef_only = 1; if (strchr(argv[i], 'g')) ext_only = 1; }
      continue;
    }
    int fd = open(argv[i], O_RDONLY); struct stat st;
    if (fd < 0 || fstat(fd, &st)) { fprintf(stderr, "nm: %s: cannot open\n", argv[i]); return 1; }
    if (!st.st_size) { close(fd); continue; }
    unsigned char *b = mmap(0, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0); size_t n = st.st_size;
    if (n > 8 && !memcmp(b, "!<arch>\n", 8)) {
      for (size_t o = 8; o + 60 <= n;) {
        size_t len = strtoul((char *)b + o + 48, 0, 10); unsigned char *copy = malloc(len + 1);
        if (o + 60 + len > n) break;
        memcpy(copy, b + o + 60, len); elf(copy, len); free(copy); o += 60 + len + (len & 1);
      }
    } else elf(b, n);
    munmap(b, n); close(fd);
  }
  return 0;
}
