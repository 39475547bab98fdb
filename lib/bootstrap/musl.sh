# Builds musl without make, which there is none of yet: some 1,350 files, one `clang` each. The configuration is what
# its `configure` and makefile would come to for x86_64.
unpack
arch=x86_64
mkdir -p obj/include/bits obj/src/internal obj/o

# Headers that are made of others.
sed -f tools/mkalltypes.sed "arch/$arch/bits/alltypes.h.in" include/alltypes.h.in >obj/include/bits/alltypes.h
cp "arch/$arch/bits/syscall.h.in" obj/include/bits/syscall.h
sed -n -e 's/__NR_/SYS_/p' <"arch/$arch/bits/syscall.h.in" >>obj/include/bits/syscall.h
printf '#define VERSION "%s"\n' "$(cat VERSION)" >obj/src/internal/version.h

# A file for the processor takes the place of the general one of the same name.
ls src/*/$arch/*.[csS] src/malloc/mallocng/$arch/*.[csS] ldso/$arch/*.[csS] crt/$arch/*.[csS] 2>/dev/null >special || true
sed -E "s#/$arch/#/#; s#\.[csS]\$##" special >replaced
ls src/*/*.c src/malloc/mallocng/*.c ldso/*.c crt/*.c | sed -E 's#\.c$##' | grep -vxF -f replaced | sed 's#$#.c#' >all
cat special >>all

cat >compile.sh <<'END'
for file; do
    object=obj/o/$(echo "${file%.*}" | tr / %).o
    defines=
    case $file in crt/*) defines=-DCRT ;; esac
    zig clang --target=x86_64-linux-musl -std=c99 -nostdinc -ffreestanding -frounding-math -Wa,--noexecstack \
        -D_XOPEN_SOURCE=700 -Iarch/x86_64 -Iarch/generic -Iobj/src/internal -Isrc/include -Isrc/internal \
        -Iobj/include -Iinclude -O2 -fomit-frame-pointer -fno-unwind-tables -fno-asynchronous-unwind-tables \
        -ffunction-sections -fdata-sections -fno-stack-protector -fno-strict-aliasing -w -fPIC $defines \
        -c -o "$object" "$file" || exit 255
done
END
xargs -P"$BRAMBLE_BUILD_CORES" -n 24 sh compile.sh <all

mkdir "$out/lib" "$dev/lib"
(cd obj/o && zig ar rcsD "$dev/lib/libc.a" src%*.o)
for object in crt1 Scrt1 rcrt1 crti crtn; do
    file=obj/o/crt%$object.o
    [ -e "$file" ] || file=obj/o/crt%$arch%$object.o
    cp "$file" "$dev/lib/$object.o"
done

# The library is its own dynamic linker.
zig ld.lld -shared -e _dlstart --sort-section=alignment --sort-common --gc-sections --hash-style=both \
    --no-undefined --exclude-libs=ALL --dynamic-list=dynamic.list -z noexecstack -soname libc.so -s \
    -o "$out/lib/libc.so" obj/o/src%*.o obj/o/ldso%*.o "$compiler_rt/lib/libcompiler_rt.a"
ln -s libc.so "$out/lib/ld-musl-x86_64.so.1"

# Empty: all of it is in libc, but makefiles ask for these.
for name in m rt pthread crypt util xnet resolv dl; do zig ar rcsD "$dev/lib/lib$name.a"; done

mkdir "$dev/include"
cp -r include/. "$dev/include/"
rm -f "$dev/include/alltypes.h.in"
mkdir -p "$dev/include/bits"
cp arch/generic/bits/*.h "$dev/include/bits/"
cp arch/$arch/bits/*.h "$dev/include/bits/"
cp obj/include/bits/*.h "$dev/include/bits/"
