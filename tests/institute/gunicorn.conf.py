"""How gunicorn serves the institute. The listening sockets come from `run`."""

import os
from pathlib import Path

from certificates import write_certificates

directory = Path(os.environ["INSTITUTE_DIRECTORY"])
write_certificates(directory)

wsgi_app = "wsgi:application"
certfile = keyfile = str(directory / "server.pem")
accesslog = "-"

# One process, so that the throttle counts every login; many threads, so that a slow request
# delays no other. The database is made before the process forks, once.
workers = 1
worker_class = "gthread"
threads = 32
preload_app = True

# As long as nginx keeps an idle connection.
keepalive = 75

control_socket_disable = True


def ssl_context(config, default_ssl_context_factory):
    """Keep one context for all connections: with one each, no TLS session could be resumed."""
    if ssl_context.shared is None:
        ssl_context.shared = default_ssl_context_factory()
    return ssl_context.shared


ssl_context.shared = None
