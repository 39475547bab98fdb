# The programs are linked with libraries that are not installed yet, so they are told where these will be.
unpack
CC=cc AR=ar RANLIB=ranlib perl ./Configure linux-x86_64 --prefix="$out" --libdir=lib --openssldir="$out/etc/ssl" \
    shared no-tests no-ssl3 no-legacy no-engine no-async "-Wl,-rpath,$out/lib"
make -j"$BRAMBLE_BUILD_CORES" build_sw
make install_sw
split_outputs
for file in "$dev"/lib/pkgconfig/*.pc; do sed -i "s#^includedir=.*#includedir=$dev/include#" "$file"; done
refuse_references
