# Compiles what configure.py would list. The scanners, which re2c makes, are in the release as they come out.
unpack
for name in build build_log clean clparser debug_flags depfile_parser deps_log disk_interface dyndep \
    dyndep_parser edit_distance eval_env graph graphviz json lexer line_printer manifest_parser metrics \
    missing_deps parser state status string_piece_util util version subprocess-posix ninja; do
    echo $name
done >files
xargs -P"$BRAMBLE_BUILD_CORES" -n 2 sh -c \
    'for name; do c++ -std=c++11 -O2 -fno-rtti -w -DUSE_PPOLL -c -o $name.o src/$name.cc || exit 255; done' sh <files
mkdir "$out/bin"
c++ -o "$out/bin/ninja" ./*.o
refuse_references
