# A folder in which each tool of the seed has its name. Nothing is in PATH yet.
set -eu
$seed mkdir "$out/bin"
$seed cp "$seed" "$out/bin/busybox"
for applet in $($seed --list); do
    [ "$applet" = busybox ] || $seed ln -s busybox "$out/bin/$applet"
done
