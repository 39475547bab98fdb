# Puts together a C compiler: clang with a root of its own (sys), a folder of what clang brings (resources), and
# scripts. The scripts are the files *.in with paths filled in.
mkdir -p "$out/bin" "$out/libexec" "$out/resources/lib/linux" "$out/sys/include" "$out/sys/lib" "$out/sys/usr"

script() {
    sed "s#@busybox@#$busybox#g; s#@zig@#$zig/zig#g; s#@out@#$out#g; s#@musl@#$musl#g" "$1" >"$2"
    chmod 755 "$2"
}
script cc.in "$out/bin/cc"
script ld.in "$out/libexec/ld"
script ar.in "$out/bin/ar"
printf '#!%s\nexec %s ld.lld "$@"\n' "$busybox/bin/sh" "$zig/zig" >"$out/bin/ld"
printf '#!%s\nexec %s ranlib -D "$@"\n' "$busybox/bin/sh" "$zig/zig" >"$out/bin/ranlib"
printf '#!%s\nexec %s/bin/cc -E "$@"\n' "$busybox/bin/sh" "$out" >"$out/bin/cpp"
# What the linker writes is stripped already.
printf '#!%s\nexit 0\n' "$busybox/bin/sh" >"$out/bin/strip"
chmod 755 "$out"/bin/*
ln -s cc "$out/bin/gcc"
ln -s cc "$out/bin/clang"

# Clang's resources. It wants these objects at the begin and the end of each program; its library of builtins is empty,
# because Zig's also has memcpy, sin and others: that must stand behind libc, so it is linked by libc's script below.
cp -r "$zig/lib/include" "$out/resources/include"
"$zig/zig" ar rcsD "$out/resources/lib/linux/libclang_rt.builtins-x86_64.a"
echo '__attribute__((visibility("hidden"))) void *__dso_handle = &__dso_handle;' >crtbegin.c
echo 'typedef int nothing;' >crtend.c
for part in crtbegin crtend; do
    "$zig/zig" clang --target=x86_64-linux-musl -fPIC -c $part.c \
        -o "$out/resources/lib/linux/clang_rt.$part-x86_64.o"
done

# Headers: musl's, and the kernel's where musl has none of that name.
cp -r "$musl_dev/include/." "$out/sys/include/"
chmod -R u+w "$out"
for folder in any-linux-any x86-linux-any; do
    (cd "$zig/lib/libc/include/$folder" && find . -type f) | while read -r header; do
        if [ ! -e "$out/sys/include/$header" ]; then
            mkdir -p "$out/sys/include/${header%/*}"
            cp "$zig/lib/libc/include/$folder/$header" "$out/sys/include/$header"
        fi
    done
done

# Libraries. The names in the scripts are relative: an absolute one in a script below the compiler's root would be
# looked for below that root.
cp "$musl_dev"/lib/* "$out/sys/lib/"
chmod -R u+w "$out/sys/lib"
mv "$out/sys/lib/libc.a" "$out/sys/lib/libc_musl.a"
cp "$compiler_rt/lib/libcompiler_rt.a" "$out/sys/lib/"
ln -s "$musl/lib/libc.so" "$out/sys/lib/libc_musl.so"
echo 'INPUT(libc_musl.so libcompiler_rt.a)' >"$out/sys/lib/libc.so"
echo 'GROUP(libc_musl.a libcompiler_rt.a)' >"$out/sys/lib/libc.a"

# It works, for both kinds of programs.
echo 'int puts(const char *); int main(void) { return puts("it works") < 0; }' >test.c
"$out/bin/cc" -O2 test.c -o dynamic
./dynamic
"$out/bin/cc" -static test.c -o static
./static
