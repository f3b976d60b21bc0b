"""What `Client` and `AsyncClient` have in common."""

from __future__ import annotations

from testpress import _log, library
from testpress._abi import Abi
from testpress._failure import failure
from testpress._handle import Closable, Handle, owned
from testpress._login import Login
from testpress._text import Option, Secret, decoded, option_text, utf8
from testpress.call import Call, chosen_call


class BaseClient(Closable):
    __slots__ = ("_origin",)

    def __init__(self, institute: str, **options: Option) -> None:
        # First what `repr` looks at: tracebacks show objects whose making failed, too.
        self._handle, self._origin = None, ""
        self._abi = library.abi()
        self._handle = _new_client(self._abi, utf8("institute", institute), options)
        self._origin = decoded(self._abi.tp_client_origin(self._handle.pointer)) or ""

    @property
    def origin(self) -> str:
        """Where credentials go, such as "https://demo.testpress.in"."""
        return self._origin

    def _prepare(self, username: Secret, password: Secret, timeout: float | None, call: Call | None) -> Login:
        call = chosen_call(timeout, call)
        return Login(self._abi, self._abi.tp_client_login, self._open_handle(), call._held, username, password)

    def __repr__(self) -> str:
        return f"<testpress.{type(self).__name__} of {self._origin}{', closed' if self.closed else ''}>"


def _new_client(abi: Abi, institute: bytes, options: dict[str, Option]) -> Handle:
    config = owned(abi.tp_config_free, abi.tp_config_new())
    for name, value in options.items():
        if value is not None:
            _set_option(abi, config, name, value)
    _log.attach(abi, config)
    client, error = Handle(abi.tp_client_free), Handle(abi.tp_error_free)
    status = abi.tp_client_new(institute, config.pointer, client.out(), error.out())
    if status:
        raise failure(abi, status, error)
    return client


def _set_option(abi: Abi, config: Handle, name: str, value: Option) -> None:
    error = Handle(abi.tp_error_free)
    text = utf8(f"option {name}", option_text(name, value))
    status = abi.tp_config_set(config.pointer, utf8("an option's name", name), text, error.out())
    if status:
        raise failure(abi, status, error)
