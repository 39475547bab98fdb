# The only use of Zig's own compiler, and of its cache. Each function has a section of its own, so that who links
# statically gets only what it calls.
export ZIG_GLOBAL_CACHE_DIR=/tmp/global ZIG_LOCAL_CACHE_DIR=/tmp/local
mkdir "$out/lib"
cd "$out/lib"
zig build-lib "$zig/lib/compiler_rt.zig" --name compiler_rt -static \
    -target x86_64-linux-musl -mcpu baseline -O ReleaseSmall -fstrip -fPIC \
    -ffunction-sections -fdata-sections -fno-stack-check -fno-stack-protector \
    -j"$BRAMBLE_BUILD_CORES"
rm -f ./*.o
