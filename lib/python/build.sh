# Compiled modules (*.pyc) hold hashes of their sources rather than times, because SOURCE_DATE_EPOCH is set.
unpack
export PYTHONHASHSEED=0
sh ./configure --prefix="$out" --without-ensurepip --disable-test-modules --with-readline=readline CC=cc \
    ac_cv_file__dev_ptmx=no ac_cv_file__dev_ptc=no
make -j"$BRAMBLE_BUILD_CORES"

# Python remembers compiler and flags, for modules that are built later: who runs it would need them all.
for object in $unwanted; do forget "$object" build/lib.*/_sysconfigdata*.py; done
make install
# This source has the path of the output in it, which is replaced at the end; the hash of it in the compiled form is not.
rm -f "$out"/lib/python3.11/__pycache__/_sysconfigdata*
rm -rf "$out"/bin/*-config "$out"/bin/*-config-* "$out"/lib/python3.11/config-3.11-* "$out/include"
rm -rf "$out"/lib/python3.11/idlelib "$out"/lib/python3.11/turtledemo "$out"/lib/python3.11/tkinter "$out"/bin/idle3*
find "$out" -name '*.a' -delete
refuse_references
