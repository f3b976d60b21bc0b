"""The institute's certificate, from an authority that lives as long as the server."""

import trustme


def write_certificates(directory):
    """Write `server.pem` and, last, `ca.pem`. The authority's key never leaves memory."""
    authority = trustme.CA()
    server = authority.issue_cert("localhost", "127.0.0.1", "::1")
    server.private_key_and_cert_chain_pem.write_to_path(str(directory / "server.pem"))
    authority.cert_pem.write_to_path(str(directory / "ca.pem"))
