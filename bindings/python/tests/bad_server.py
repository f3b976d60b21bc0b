"""The bad server, whose faults each have an origin."""

from __future__ import annotations

import os
from pathlib import Path

import testpress


class Faults:
    """Origins and clients, by the fault's name."""

    def __init__(self) -> None:
        lines = Path(os.environ["TESTPRESS_FAULTS"]).read_text().splitlines()
        self._origins = dict(line.split("\t") for line in lines)
        self.ca_file = os.environ["TESTPRESS_FAULTS_CA"]

    def origin(self, name: str) -> str:
        return self._origins[name]

    def client(self, name: str, **options: object) -> testpress.Client:
        return testpress.Client(self.origin(name), **{"ca_file": self.ca_file, **options})

    def async_client(self, name: str, **options: object) -> testpress.AsyncClient:
        return testpress.AsyncClient(self.origin(name), **{"ca_file": self.ca_file, **options})
