"""A name server that has an answer for each name of a zone: addresses, an error, or silence."""

import ipaddress
import math
import os
import select
import socket
import struct
import threading
from dataclasses import dataclass

PORT = 53
LONGEST_QUERY = 512
HEADER = struct.Struct("!6H")
RECORD = struct.Struct("!2sHHIH")
TYPES = {1: 4, 28: 6}  # A and AAAA, with the version of IP that each is for
IN = 1
SERVER_FAILURE, NO_SUCH_NAME = 2, 3
# "An answer, of a server that looks names up itself."
ANSWER = 0x8180
# "The name that begins at byte 12", which is that of the question.
SAME_NAME = b"\xc0\x0c"
TIME_TO_LIVE = 60


@dataclass(frozen=True)
class Entry:
    """What is known of a name, and after how many seconds it is told."""

    addresses: tuple = ()
    error: int = 0
    delay: float = 0.0


SILENT = Entry(delay=math.inf)
UNKNOWN = Entry(error=NO_SUCH_NAME)


def open_socket(address):
    """Has to be called on the name server's host."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind((address, PORT))
    return opened


class NameServer:
    """Answers until it is closed."""

    def __init__(self, udp, zone):
        self._udp = udp
        self._zone = zone
        self._late = []
        self._wake, self._stop = os.pipe2(os.O_CLOEXEC)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        os.close(self._stop)
        self._thread.join()
        for answer in self._late:
            answer.cancel()
            answer.join()
        os.close(self._wake)
        self._udp.close()

    def _serve(self):
        while True:
            ready, _, _ = select.select([self._wake, self._udp], [], [])
            if self._wake in ready:
                return
            query, client = self._udp.recvfrom(LONGEST_QUERY)
            self._answer(query, client)

    def _answer(self, query, client):
        name, version, question = read(query)
        entry = self._zone.get(name, UNKNOWN)
        if entry.delay == math.inf:
            return
        answer = write(query[:2], question, entry, version)
        if entry.delay == 0:
            self._udp.sendto(answer, client)
            return
        late = threading.Timer(entry.delay, self._udp.sendto, (answer, client))
        late.start()
        self._late.append(late)


def read(query):
    """The name and the version of IP that are asked about, and the question as it stands there."""
    labels, position = [], HEADER.size
    while (length := query[position]) > 0:
        labels.append(query[position + 1 : position + 1 + length].decode("ascii").lower())
        position += 1 + length
    end = position + 5
    (kind,) = struct.unpack_from("!H", query, position + 1)
    return ".".join(labels), TYPES.get(kind), query[HEADER.size : end]


def write(number, question, entry, version):
    found = [ipaddress.ip_address(address) for address in entry.addresses]
    records = [record(address) for address in found if address.version == version]
    header = HEADER.pack(0, ANSWER | entry.error, 1, len(records), 0, 0)
    return b"".join([number, header[2:], question, *records])


def record(address):
    (kind,) = (kind for kind, version in TYPES.items() if version == address.version)
    data = address.packed
    return RECORD.pack(SAME_NAME, kind, IN, TIME_TO_LIVE, len(data)) + data
