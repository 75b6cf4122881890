"""Ports for servers of tests that must know their port before they listen, or keep it while they are away."""

from cli.stack.ports import SEARCHED, claim, is_free

_HOST = "127.0.0.1"
_FIRST = 20_100
"""Below the kernel's range for outgoing connections: none takes the port of a server that starts later or again."""

_given: set[int] = set()


def own_port(also: int = 0) -> int:
    """A port that no other test of this machine gets until this process ends.

    Args:
        also: The port at this distance above it is the caller's, too.
    """
    for port in range(_FIRST, _FIRST + SEARCHED):
        wanted = {port, port + also}
        if not wanted & _given and all(is_free(_HOST, one) and claim(one) for one in wanted):
            _given.update(wanted)
            return port
    raise AssertionError(f"no port is free from {_FIRST} on")
