# It has a `configure`, and does without: its makefile knows most systems, and reads what is special from config.mak.
unpack
cat >config.mak <<END
prefix = $out
CC = cc
AR = ar
CFLAGS = -O2 $CPPFLAGS
LDFLAGS = $LDFLAGS
CURL_LDFLAGS = -lcurl
USE_LIBPCRE2 = YesPlease
NO_OPENSSL = YesPlease
NO_EXPAT = YesPlease
NO_PERL = YesPlease
NO_PYTHON = YesPlease
NO_TCLTK = YesPlease
NO_GETTEXT = YesPlease
NO_REGEX = NeedsStartEnd
INSTALL_SYMLINKS = YesPlease
END
make -j"$BRAMBLE_BUILD_CORES" all
make install
refuse_references
