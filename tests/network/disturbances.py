"""What befalls packets on their way, and what waits for one."""

import random

import packets

ONE_LOST_OF = 20
SEQUENCE_NUMBERS = 1 << 32


class Cut:
    """Swallows every packet for some seconds, beginning with the first that comes."""

    def __init__(self, seconds):
        self._seconds = seconds
        self._until = None

    def swallows(self, now):
        if self._until is None:
            self._until = now + self._seconds
        return now < self._until


class Loss:
    """Swallows 5 %: any one of every twenty packets, so that there are never three in a row."""

    def __init__(self):
        self._left = self._victim = 0

    def swallows(self):
        if self._left == 0:
            self._left, self._victim = ONE_LOST_OF, random.randint(1, ONE_LOST_OF)
        hit = self._left == self._victim
        self._left -= 1
        return hit


class Watch:
    """Acts when the next TCP connection has sent so many segments of `size` new bytes or more."""

    def __init__(self, number, size, action):
        self._left = number
        self._size = size
        self._action = action
        self._ports = None
        self._end = None

    def see(self, packet):
        segment = packets.segment(packet) if self._left else None
        if segment is None:
            return
        if self._ports is None and segment.opens_connection:
            self._ports, self._end = segment.ports, segment.sequence + 1
        # Others are of connections that were left before, and still try to say something.
        elif segment.ports == self._ports and self._news(segment) >= self._size:
            self._left -= 1
            if self._left == 0:
                self._action()

    def _news(self, segment):
        """How many bytes are new: what was not acknowledged in time is sent again."""
        end = segment.sequence + segment.payload
        news = (end - self._end) % SEQUENCE_NUMBERS
        if news >= SEQUENCE_NUMBERS // 2:
            return 0
        self._end = end
        return news
