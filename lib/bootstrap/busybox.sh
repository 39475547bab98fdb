# Builds busybox with its usual configuration, static. The seed's shell prefers its own tools to what is in PATH, and
# its `ar` can't write, so `ar` is named by its full path.
unpack
export KCONFIG_NOTIMESTAMP=1
run_make() {
    make -j"$BRAMBLE_BUILD_CORES" CC=cc HOSTCC=cc AR="$cc/bin/ar" STRIP=true SKIP_STRIP=y CONFIG_SHELL="$SHELL" "$@"
}

run_make defconfig
# tar: 15 of the releases here have headers of the old kinds.
for option in STATIC INSTALL_NO_USR FEATURE_TAR_OLDGNU_COMPATIBILITY FEATURE_TAR_OLDSUN_COMPATIBILITY FEATURE_SEAMLESS_XZ; do
    sed -i "s/^# CONFIG_$option is not set\$/CONFIG_$option=y/" .config
done
# tc: the kernel's headers are too new for it. The others need files that a build has not.
for option in TC FEATURE_WTMP FEATURE_UTMP LINUXRC NSLOOKUP SELINUX; do
    sed -i "s/^CONFIG_$option=.*/# CONFIG_$option is not set/" .config
done
yes '' | run_make oldconfig >/dev/null
run_make busybox
grep -q '^CONFIG_STATIC=y' .config

# The tools of compilers and package managers are left out: they would hide the real ones.
mkdir "$out/bin"
cp busybox "$out/bin/"
for applet in $("$out/bin/busybox" --list); do
    case $applet in
        busybox | ar | ranlib | ld | nm | strip | objcopy | rpm | dpkg | dpkg-deb) ;;
        *) ln -s busybox "$out/bin/$applet" ;;
    esac
done
