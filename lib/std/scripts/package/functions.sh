# What the scripts of packages and of their tests share.

# expect TEXT COMMAND…: runs a command that must succeed and print the text, and maybe more.
expect() {
    expected=$1
    shift
    printed=$("$@" 2>&1) || fail "failed: $*: $printed"
    case $printed in
        *"$expected"*) ;;
        *) fail "$*: expected '$expected', and it printed: $printed" ;;
    esac
}

# Prints a text in which $out, $dev and other variables are replaced, as between double quotes.
expand() {
    eval "printf '%s' \"$1\""
}

# Replaces, in the given files, a path that must not be kept by one that leads nowhere.
forget() {
    forgotten=$1
    shift
    for file; do sed -i "s#$forgotten#/forgotten#g" "$file"; done
}

# Moves what only compilers need from `out` to `dev`, and manuals to `doc`, if there are such outputs.
#
# The name that -lNAME looks for, libNAME.so, is a link in `dev` that leads to the library in `out`: so programs refer
# to `out` only. What libtool writes for itself (*.la) names paths of the build, and nothing here needs it.
split_outputs() {
    find "$out" -path '*/info/dir' -type f -delete
    if [ -n "${dev:-}" ]; then
        mkdir -p "$dev/lib"
        rm -f "$out"/lib/*.la
        if [ -d "$out/include" ]; then mv "$out/include" "$dev/"; fi
        for file in "$out"/lib/*.a "$out"/lib/pkgconfig "$out"/lib/cmake; do
            if [ -e "$file" ]; then mv "$file" "$dev/lib/"; fi
        done
        for link in "$out"/lib/lib*.so; do
            if [ -L "$link" ]; then
                ln -s "$out/lib/$(readlink "$link")" "$dev/lib/${link##*/}"
                rm "$link"
            fi
        done
        for program in "$out"/bin/*-config; do
            if [ -e "$program" ]; then mkdir -p "$dev/bin" && mv "$program" "$dev/bin/"; fi
        done
        # Who links by pkg-config must find those links.
        for file in "$dev"/lib/pkgconfig/*.pc; do
            if [ -f "$file" ]; then sed -i "s#^libdir=.*#libdir=$dev/lib#" "$file"; fi
        done
    fi
    if [ -n "${doc:-}" ]; then
        mkdir -p "$doc/share"
        for folder in man doc info; do
            if [ -d "$out/share/$folder" ]; then mv "$out/share/$folder" "$doc/share/"; fi
        done
    fi
    for folder in "$out/share" "$out/include" "$out/lib"; do
        if [ -d "$folder" ]; then rmdir "$folder" 2>/dev/null || true; fi
    done
}

# Fails if `out` names one of the objects in $unwanted: compilers and headers, which who runs a program needs not have.
refuse_references() {
    for object in ${unwanted:-}; do
        found=$(grep -rlF "$object" "$out" || true)
        [ -z "$found" ] || fail "$object must not be named in:" $found
    done
}
