# Its `configure` is one of its own. What it was called with is in the program: `nginx -V` says it. So the paths of headers are
# taken out, or who runs nginx would need them all.
unpack
# Whether this works depends on the sandbox that it is tried in; the program looks for itself when it starts.
sed -i '/PR_SET_KEEPCAPS)"/,/ngx_feature_test/s/ngx_feature_run=yes/ngx_feature_run=no/' auto/os/linux
sh ./configure --prefix="$out" --with-cc=cc --with-cc-opt="-O2 -Wno-error $CPPFLAGS" --with-ld-opt="$LDFLAGS" \
    --with-threads --with-stream --without-http_uwsgi_module
for object in $unwanted; do forget "$object" objs/ngx_auto_config.h; done
make -j"$BRAMBLE_BUILD_CORES"
make install
mkdir "$out/bin"
ln -s ../sbin/nginx "$out/bin/nginx"
refuse_references
