# Builds libc++, libc++abi and libunwind into one static library, and writes the compiler's script: that of `cc` with other
# headers in front. Zig's copy of libc++ has no file of settings, so the settings are on the command line.
# The sources' paths are mapped away: libunwind writes them into programs, and with them all of Zig.
lib=$zig/lib
settings="-D_GNU_SOURCE \
    -D_LIBCPP_ABI_VERSION=1 \
    -D_LIBCPP_ABI_NAMESPACE=__1 \
    -D_LIBCPP_HAS_THREAD_API_PTHREAD \
    -D_LIBCPP_HAS_MUSL_LIBC \
    -D_LIBCPP_HAS_NO_VENDOR_AVAILABILITY_ANNOTATIONS \
    -D_LIBCPP_PSTL_BACKEND_SERIAL \
    -D_LIBCPP_HARDENING_MODE_DEFAULT=_LIBCPP_HARDENING_MODE_NONE \
    -D_LIBCPP_DISABLE_VISIBILITY_ANNOTATIONS \
    -D_LIBCXXABI_DISABLE_VISIBILITY_ANNOTATIONS"
mkdir "$out/bin" "$out/lib" "$out/include" /tmp/objects
cp -r "$lib/libcxx/include/." "$lib/libcxxabi/include/." "$lib/libunwind/include/." "$out/include/"
chmod -R u+w "$out/include"
sed "s#\"\$@\"#-stdlib=libc++ -L$out/lib -pthread \"\$@\"#; s#clang --target#clang --driver-mode=g++ --target#; s#-isystem #-nostdinc++ -isystem $out/include $(echo $settings) -isystem #" \
    "$cc/bin/cc" >"$out/bin/c++"
chmod 755 "$out/bin/c++"
ln -s c++ "$out/bin/g++"

(cd "$lib" && ls libcxx/src/*.cpp libcxx/src/filesystem/*.cpp libcxx/src/ryu/*.cpp libcxxabi/src/*.cpp \
    libunwind/src/*.cpp libunwind/src/*.c libunwind/src/*.S) |
    grep -vE 'noexception|Unwind-seh|Unwind-wasm|Unwind_AppleExtras|Unwind_AIXExtras|Unwind-sjlj' >/tmp/files

cat >/tmp/compile.sh <<'END'
for file; do
    common="-O2 -fPIC -w -ffile-prefix-map=$lib=. -c -o /tmp/objects/$(echo "$file" | tr / %).o $lib/$file"
    unwind="-funwind-tables -D_LIBUNWIND_IS_NATIVE_ONLY -I$lib/libunwind/include"
    case $file in
        libunwind/*.cpp) c++ -std=c++17 -fno-exceptions -fno-rtti $unwind $common ;;
        libunwind/*) cc $unwind $common ;;
        libcxxabi/*) c++ -std=c++23 -D_LIBCXXABI_BUILDING_LIBRARY -D_LIBCPP_BUILDING_LIBRARY -DLIBCXXABI_USE_LLVM_UNWINDER \
            -I"$lib/libcxxabi/include" -I"$lib/libcxx/src" $common ;;
        *) c++ -std=c++23 -D_LIBCPP_BUILDING_LIBRARY -DLIBCXX_BUILDING_LIBCXXABI -DLIBC_NAMESPACE=__llvm_libc_common_utils \
            -I"$lib/libcxx/src" -I"$lib/libcxxabi/include" -I"$lib/libcxx/libc" $common ;;
    esac || exit 255
done
END
export lib PATH="$out/bin:$PATH"
xargs -P"$BRAMBLE_BUILD_CORES" -n 3 sh /tmp/compile.sh </tmp/files
ar rc "$out/lib/libc++.a" /tmp/objects/*.o
