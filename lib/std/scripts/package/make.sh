# Builds a source that has a makefile; the arguments are for each call of `make`. See make.bramble.
unpack
eval "$before"

for argument; do
    shift
    set -- "$@" "$(expand "$argument")"
done
eval "make -j$BRAMBLE_BUILD_CORES \"\$@\" $build_flags"
eval "$check"
eval "make install \"\$@\" $install_flags"

split_outputs
eval "$after"
refuse_references
