# Compiles the C files that are its arguments, and links them to a library or a program. See cc.bramble.
object() { printf '/tmp/objects/%s.o' "$(printf %s "${1%.c}" | tr / _)"; }
mkdir /tmp/objects
objects=
for file; do
    objects="$objects $(object "$file")"
    printf '%s\n%s\n' "$file" "$(object "$file")" >>/tmp/compile
done
export CPPFLAGS="${CPPFLAGS:-}" flags
xargs -P"$BRAMBLE_BUILD_CORES" -n2 sh -c 'cc -O2 -fPIC -Wall $CPPFLAGS $flags -c -o "$1" "$0" || exit 255' </tmp/compile

case $kind in
    library)
        mkdir "$out/lib" "$dev/lib" "$dev/include"
        cc -shared -Wl,-soname,"lib$name.so" -o "$out/lib/lib$name.so" $objects ${LDFLAGS:-} $libraries
        ln -s "$out/lib/lib$name.so" "$dev/lib/lib$name.so"
        ar rc "$dev/lib/lib$name.a" $objects
        for header in $headers; do
            mkdir -p "$dev/include/$(dirname "$header")"
            cp "$header" "$dev/include/$header"
        done
        ;;
    program)
        mkdir "$out/bin"
        cc -o "$out/bin/$name" $objects ${LDFLAGS:-} $libraries
        ;;
esac
refuse_references
