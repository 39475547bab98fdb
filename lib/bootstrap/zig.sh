# Takes what C and C++ for x86_64 and musl need: 6,000 of Zig's 15,000 files. Zig finds `lib` beside itself.
cp "$source/zig" "$out/zig"
chmod 755 "$out/zig"
mkdir "$out/bin"
ln -s ../zig "$out/bin/zig"

lib=$out/lib
mkdir -p "$lib/libc/include"
for folder in include std compiler_rt libunwind libcxx libcxxabi init c; do
    if [ -d "$source/lib/$folder" ]; then cp -r "$source/lib/$folder" "$lib/"; fi
done
cp "$source"/lib/*.zig "$lib/"
for header in "$source"/lib/*.h; do
    if [ -e "$header" ]; then cp "$header" "$lib/"; fi
done
cp -r "$source/lib/libc/musl" "$lib/libc/"
for folder in any-linux-any x86-linux-any x86_64-linux-any x86_64-linux-musl generic-musl; do
    if [ -d "$source/lib/libc/include/$folder" ]; then
        cp -r "$source/lib/libc/include/$folder" "$lib/libc/include/"
    fi
done
