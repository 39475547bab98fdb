# Builds make with the configuration in make-config.h. GNU's glob is built along, because make looks into folders by
# hooks that musl's has not.
config=$(pwd)/make-config.h
unpack
cp "$config" src/config.h
mkdir headers objects
cp lib/glob.in.h headers/glob.h
cp lib/fnmatch.in.h headers/fnmatch.h

for name in ar arscan commands default dir expand file function getopt getopt1 guile hash implicit job load loadapi \
    main misc output posixos read remake remote-stub rule signame strcache variable version vpath; do
    echo src/$name.c
done >files
for name in fnmatch glob concat-filename findprog-in; do echo lib/$name.c; done >>files

cat >compile.sh <<'END'
for file; do
    cc -std=gnu99 -O2 -w -DHAVE_CONFIG_H -Isrc -Iheaders -Ilib -DLIBDIR="\"$out/lib\"" \
        -DINCLUDEDIR="\"$out/include\"" -DLOCALEDIR="\"$out/share/locale\"" \
        -c -o "objects/$(basename "$file" .c).o" "$file" || exit 255
done
END
xargs -P"$BRAMBLE_BUILD_CORES" -n 4 sh compile.sh <files

mkdir "$out/bin"
cc -static -o "$out/bin/make" objects/*.o

printf 'all: a b\n\t@echo all\na b:\n\t@echo $@\n' >test.mk
"$out/bin/make" -j2 -f test.mk
