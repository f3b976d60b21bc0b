"""What is in an IP packet."""

from dataclasses import dataclass

IPV4, IPV6 = 4, 6
IPV6_HEADER = 40
TCP = 6
SYN = 2


@dataclass(frozen=True)
class Segment:
    """One of TCP."""

    ports: bytes
    sequence: int
    opens_connection: bool
    payload: int


def segment(packet):
    """None when the packet is no TCP."""
    version = packet[0] >> 4
    if version == IPV4:
        start, protocol, end = (packet[0] & 15) * 4, packet[9], int.from_bytes(packet[2:4], "big")
    elif version == IPV6:
        # Without extension headers, as TCP on a single link has none.
        start, protocol, end = IPV6_HEADER, packet[6], len(packet)
    else:
        return None
    if protocol != TCP:
        return None
    header = (packet[start + 12] >> 4) * 4
    ports, sequence = packet[start : start + 4], packet[start + 4 : start + 8]
    opens_connection = bool(packet[start + 13] & SYN)
    return Segment(ports, int.from_bytes(sequence, "big"), opens_connection, end - start - header)
