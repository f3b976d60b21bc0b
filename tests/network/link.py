"""The wire between the two hosts: it may be long, lose packets, or be cut.

Each host has a TUN device; what it sends is read from there, and written to the other's.
"""

import fcntl
import heapq
import itertools
import math
import os
import select
import struct
import threading
import time

from disturbances import Cut, Loss, Watch

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
LONGEST_PACKET = 65536


def open_tun(interface):
    """Makes the device, and opens its end for programs. Has to be called on its host."""
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        request = struct.pack("16sH22x", interface.encode(), IFF_TUN | IFF_NO_PI)
        fcntl.ioctl(tun, TUNSETIFF, request)
    except BaseException:
        os.close(tun)
        raise
    return tun


class Direction:
    """One way over the link, to a TUN device."""

    def __init__(self, target):
        self.target = target
        self.loss = None
        self.watch = None


class Link:
    """Carries packets between two TUN devices until it is closed."""

    def __init__(self, client, server):
        self.delay = 0.0
        self.carried = self.lost = 0
        self._directions = {client: Direction(server), server: Direction(client)}
        self._from = {"client": self._directions[client], "server": self._directions[server]}
        self._cut = None
        self._under_way = []
        self._order = itertools.count()
        self._wake, self._stop = os.pipe2(os.O_CLOEXEC)
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def close(self):
        os.close(self._stop)
        self._thread.join()
        for descriptor in (self._wake, *self._directions):
            os.close(descriptor)

    def lose_packets(self):
        """From now on 5 % are lost, each way."""
        for direction in self._directions.values():
            direction.loss = Loss()

    def cut(self, seconds=math.inf):
        """Nothing gets through for that long, beginning with the next packet."""
        self._cut = Cut(seconds)

    def mend(self):
        self._cut = None

    def cut_at(self, sender, number, seconds=math.inf, *, size=1):
        """Cuts the link when "client" or "server" sends that segment (see `Watch`)."""
        self._from[sender].watch = Watch(number, size, lambda: self.cut(seconds))

    def watch_for(self, sender, number):
        """An event at the segment that `cut_at` would cut the link at."""
        event = threading.Event()
        self._from[sender].watch = Watch(number, 1, event.set)
        return event

    def _carry(self):
        sources = [self._wake, *self._directions]
        while True:
            ready, _, _ = select.select(sources, [], [], self._patience())
            if self._wake in ready:
                return
            for descriptor in ready:
                self._take(descriptor, self._directions[descriptor])
            self._deliver()

    def _patience(self):
        """Seconds until the next packet is due."""
        return max(0, self._next_due() - time.monotonic()) if self._under_way else None

    def _next_due(self):
        (moment, _), _, _ = self._under_way[0]
        return moment

    def _take(self, descriptor, direction):
        try:
            packet = os.read(descriptor, LONGEST_PACKET)
        except BlockingIOError:
            return
        now = time.monotonic()
        if direction.watch:
            direction.watch.see(packet)
        cut, loss = self._cut, direction.loss
        if (cut and cut.swallows(now)) or (loss and loss.swallows()):
            self.lost += 1
            return
        self.carried += 1
        due = (now + self.delay, next(self._order))
        heapq.heappush(self._under_way, (due, direction.target, packet))

    def _deliver(self):
        while self._under_way and self._next_due() <= time.monotonic():
            _, target, packet = heapq.heappop(self._under_way)
            try:
                os.write(target, packet)
            except OSError:
                # The interface is down, or its host drowns in packets: they are lost then, too.
                self.lost += 1
