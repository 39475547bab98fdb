# Its `configure` is not one of autoconf, and its makefile has names of its own for folders.
unpack
CC=cc AR=ar RANLIB=ranlib CFLAGS=-O2 LDSHAREDLIBC='' sh ./configure \
    --prefix="$out" --libdir="$out/lib" --includedir="$dev/include"
make -j"$BRAMBLE_BUILD_CORES" LDCONFIG=true
make test
make install LDCONFIG=true mandir="$doc/share/man" man3dir="$doc/share/man/man3"
split_outputs
refuse_references
