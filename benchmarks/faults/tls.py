"""Certificates that a client must reject."""

import os
import ssl
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import trustme


@cache
def authority() -> trustme.CA:
    """Return the trusted certificate authority."""
    return trustme.CA()


def trust(folder: Path) -> None:
    """Make this process and its children trust only the authority."""
    file = folder / "authority.pem"
    authority().cert_pem.write_to_path(file)
    os.environ["SSL_CERT_FILE"] = str(file)


def listener(kind: str, host: str) -> ssl.SSLContext:
    """Return a server context with an invalid certificate of this kind."""
    now = datetime.now(UTC)
    ca, name, after, before = authority(), host, now + timedelta(days=30), None
    if kind == "expired":
        after, before = now - timedelta(days=1), now - timedelta(days=30)
    elif kind == "not yet valid":
        before, after = now + timedelta(days=300), now + timedelta(days=400)
    elif kind == "wrong host":
        name = "other.example"
    elif kind == "self-signed":
        ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if kind == "TLS 1.1":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
    ca.issue_cert(name, not_before=before, not_after=after).configure_cert(context)
    return context
