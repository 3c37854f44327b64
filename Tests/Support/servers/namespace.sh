#!/usr/bin/env bash
# Runs a command in a network of its own, with a scripted name server: nothing gets out, nothing of the host gets in.
#
#     namespace.sh COMMAND [ARGUMENT ...]
#
# The command takes this process's place: signals reach it, and its exit status is the script's. Names are answered by
# dnsserver.py; /etc/hosts is the host's. There are 127.0.0.0/8, ::1 and
#
#     10.99.0.0/16  fd00:99::/64   silence: a connection attempt times out
#     10.98.0.0/16  fd00:98::/64   EHOSTUNREACH at once
#     10.97.0.0/16  fd00:97::/64   EACCES at once (a firewall)
#     everything else              ENETUNREACH at once
#
# Environment:
#     FETCH_TEST_PYTHON        the Python for the name server (default python3)
#     FETCH_NAMESERVER         for resolv.conf, instead of 127.0.0.53; where nobody listens, there is no resolver
#     FETCH_RESOLV_OPTIONS     the same file's options, instead of timeout:1 attempts:1
#     FETCH_DNS_LOG            a file for dnsserver.py --log
#     FETCH_IPV6               set for the command: 1, or 0 where the kernel has no IPv6
#
# Needs root or unprivileged user namespaces, and iproute2.
set -eu

if [ "${1-}" != --inside ]; then
    flags=-mnu
    [ "$(id -u)" = 0 ] || flags=-rmnu
    exec unshare "$flags" -- "$0" --inside "$@"
fi
shift
PATH=$PATH:/usr/sbin:/sbin

# A new namespace may inherit what the host has disabled.
FETCH_IPV6=0
if [ -d /proc/sys/net/ipv6 ]; then
    for file in /proc/sys/net/ipv6/conf/*/disable_ipv6; do
        { echo 0 > "$file"; } 2>/dev/null || true
    done
fi
ip link set lo up
if ip -6 addr show dev lo 2>/dev/null | grep -q ::1/128 || ip -6 addr add ::1/128 dev lo 2>/dev/null; then FETCH_IPV6=1; fi
export FETCH_IPV6

# An interface that takes everything and passes nothing on. Routes of the type blackhole are an error at once (EINVAL) to
# who connects. Which of these a kernel has differs.
ip link add silent type dummy 2>/dev/null || ip link add silent type ifb 2>/dev/null \
    || { ip link add silent type veth peer name silent1 && ip link set silent1 arp off up; }
ip link set silent arp off up
ip addr add 10.99.255.254/16 dev silent
ip route add unreachable 10.98.0.0/16
ip route add prohibit 10.97.0.0/16
if [ "$FETCH_IPV6" = 1 ]; then
    ip -6 addr add fd00:99::ffff:ffff/64 dev silent nodad
    ip -6 route add unreachable fd00:98::/64
    ip -6 route add prohibit fd00:97::/64
fi

# The resolver looks for every unknown name in the domain of the host, too, if that has one.
hostname fetch

# Caches and resolvers of the host are reached by sockets in /run, which no network namespace hides. /etc/resolv.conf may be
# a link to there.
mount -t tmpfs -o mode=755 none /run
folder=$(mktemp -d /run/fetch.XXXXXX)
cat > "$folder/resolv.conf" <<EOF
nameserver ${FETCH_NAMESERVER:-127.0.0.53}
options ${FETCH_RESOLV_OPTIONS:-timeout:1 attempts:1}
EOF
sed '/^hosts:/d' /etc/nsswitch.conf > "$folder/nsswitch.conf" 2>/dev/null || true
echo 'hosts: files dns' >> "$folder/nsswitch.conf"
for name in resolv.conf nsswitch.conf; do
    target=$(readlink -m "/etc/$name")
    # Files are made in our /run only, never in the host's /etc. Without nsswitch.conf the C library does the same.
    case $target in /run/*) mkdir -p "$(dirname "$target")" && touch "$target" ;; esac
    [ "$name" = nsswitch.conf ] && [ ! -e "$target" ] || mount --bind "$folder/$name" "$target"
done

# The name server ends when nobody is left who holds the other end of its input: the command and its children.
mkfifo "$folder/port" "$folder/alive"
server=$(dirname "$0")/dnsserver.py
("${FETCH_TEST_PYTHON:-python3}" "$server" ${FETCH_DNS_LOG:+--log "$FETCH_DNS_LOG"} \
    < "$folder/alive" > "$folder/port" &)
exec {alive}> "$folder/alive"
read -r _ _ < "$folder/port" || { echo "namespace.sh: the name server did not start" >&2; exit 70; }
exec "$@"
