"""What holds for every test: no network beyond this machine, nothing of the user's surroundings."""

import ipaddress
import os
import sys
from collections.abc import Iterator

import pytest

_PREFIXES = ("GITHUB_", "GH_", "HF_", "ACTIONS_", "RUNNER_", "LINKCHECK_", "XDG_")
_NAMES = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "CI",
)
_FOR_TESTS = "LINKCHECK_SOURCES"
"""Where the lists that the catalog was made from lie; the tool itself never reads it."""


def _is_ours(name: str) -> bool:
    upper = name.upper()
    return upper != _FOR_TESTS and (upper.startswith(_PREFIXES) or upper in _NAMES)


for _name in filter(_is_ours, tuple(os.environ)):
    del os.environ[_name]


def _stay_here(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse connections that leave this machine (an audit hook; subprocesses are not seen)."""
    if event != "socket.connect":
        return
    address = arguments[1]
    if not isinstance(address, tuple):
        return
    host = str(address[0])
    try:
        inside = ipaddress.ip_address(host.split("%", maxsplit=1)[0]).is_loopback
    except ValueError:
        inside = host == "localhost"
    if not inside:
        raise ConnectionRefusedError(f"a test tried to leave this machine: {address}")


sys.addaudithook(_stay_here)


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give every test an empty home folder."""
    before = {name: os.environ.get(name) for name in ("HOME", "USERPROFILE")}
    home = str(tmp_path_factory.mktemp("home"))
    os.environ.update(HOME=home, USERPROFILE=home)
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
