# Its Configure writes down when, where and by whom perl was built: all that is given, or replaced.
unpack
sed -i 's/^cf_time=.*date 2.*/cf_time="Tue Jan  1 00:00:00 UTC 1980"/' Configure
# `perlbug` has the time of this file, which is another one where an engine puts the sources in place.
touch -d @1 patchlevel.h
sh ./Configure -des -Dprefix="$out" -Dinstallstyle=lib/perl5 \
    -Dcc=cc -Dld=cc -Dar=ar -Dfull_ar="$cc/bin/ar" -Dnm=nm -Dusenm=n -Dcpp='cc -E' -Doptimize=-O2 -Accflags=-D_GNU_SOURCE \
    -Dlibc="$cc/sys/lib/libc.so" -Dlibpth="$cc/sys/lib" -Dusrinc="$cc/sys/include" -Dlocincpth= -Dloclibpth= -Dglibpth= \
    -Duseshrplib=n -Dusethreads=n -Dman1dir=none -Dman3dir=none \
    -Dsh="$SHELL" -Dstartsh="#!$SHELL" -Dtargetsh="$SHELL" \
    -Dmyhostname=localhost -Dmydomain=.localdomain -Dperladmin=root@localhost -Dcf_by=bramble -Dcf_email=bramble@localhost \
    -Dosname=linux -Dosvers=0 -Dmyuname=linux
make -j"$BRAMBLE_BUILD_CORES"
make install.perl

# Config.pm remembers the compiler, for modules that are built later: who runs perl would need it.
chmod -R u+w "$out"
forget "$cc" $(grep -rlF "$cc" "$out")
find "$out" -name '*.pod' ! -name perldiag.pod -delete
refuse_references
