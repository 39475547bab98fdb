# Builds a source with a `configure` of autoconf; the arguments are for `configure`. See autotools.bramble.
unpack
eval "$before"

set -- --prefix="$out" --libdir="$out/lib" --includedir="${dev:-$out}/include" \
    --mandir="${doc:-$out}/share/man" --infodir="${doc:-$out}/share/info" "$@"
for argument; do
    shift
    set -- "$@" "$(expand "$argument")"
done
sh ./configure "$@"

eval "make -j$BRAMBLE_BUILD_CORES $make_flags"
eval "$check"
eval "make install $make_flags $install_flags"

split_outputs
eval "$after"
refuse_references
