"""Who has which address, which ways lead nowhere, and what the name server knows.

The addresses are those for documentation (RFC 5737 and RFC 3849).
"""

from name_server import SERVER_FAILURE, SILENT, Entry

DOMAIN = "institute.test"
CLIENT, CLIENT_V6 = "192.0.2.1", "2001:db8::1"
SERVER, SERVER_V6 = "192.0.2.2", "2001:db8::2"
# Packets to these disappear.
DEAD, DEAD_V6 = "192.0.2.66", "2001:db8::66"
# Of these a router on the way says that they can't be reached.
UNREACHABLE, UNREACHABLE_V6 = "192.0.2.77", "2001:db8::77"
# The client has no route to these.
UNROUTED, UNROUTED_V6 = "198.51.100.1", "2001:db8:1::1"

ADDRESSES = {
    "both": Entry((SERVER_V6, SERVER)),
    "ipv4": Entry((SERVER,)),
    "ipv6": Entry((SERVER_V6,)),
    "dead-ipv6": Entry((DEAD_V6, SERVER)),
    "dead-ipv4": Entry((SERVER_V6, DEAD)),
    "dead": Entry((DEAD_V6, DEAD)),
    "unreachable-ipv6": Entry((UNREACHABLE_V6, SERVER)),
    "unreachable": Entry((UNREACHABLE_V6, UNREACHABLE)),
    "unrouted-ipv6": Entry((UNROUTED_V6, SERVER)),
    "unrouted": Entry((UNROUTED_V6, UNROUTED)),
    "slow": Entry((SERVER,), delay=1.0),
    "failing": Entry(error=SERVER_FAILURE),
    "empty": Entry(),
    "silent": SILENT,
}
ZONE = {f"{name}.{DOMAIN}": entry for name, entry in ADDRESSES.items()}

CLIENT_INTERFACES = f"""
link set lo up
link set wire up
addr add {CLIENT}/24 dev wire
addr add {CLIENT_V6}/64 dev wire nodad
"""
SERVER_INTERFACES = f"""
link set lo up
link set wire up
addr add {SERVER}/32 dev wire
addr add {SERVER_V6}/128 dev wire nodad
route add {CLIENT} dev wire
route add {CLIENT_V6} dev wire
route add blackhole {DEAD}
route add blackhole {DEAD_V6}
route add unreachable {UNREACHABLE}
route add unreachable {UNREACHABLE_V6}
"""
# Hosts that know their addresses have nothing to say about them, so every packet belongs to a test.
QUIET = {"ipv6/conf/wire/addr_gen_mode": 1}
# An address is still there when its interface was down.
CLIENT_KERNEL = {**QUIET, "ipv6/conf/wire/keep_addr_on_down": 1}
# The server's host is the router, too, which tells every time.
SERVER_KERNEL = {
    **QUIET,
    "ipv4/ip_forward": 1,
    "ipv6/conf/all/forwarding": 1,
    "ipv4/icmp_ratelimit": 0,
    "ipv6/icmp/ratelimit": 0,
}

# In the client's /etc. "known" needs no name server.
CLIENT_FILES = {
    "nsswitch.conf": "hosts: files dns\n",
    "hosts": f"127.0.0.1 localhost\n{SERVER} known.{DOMAIN}\n",
}
