"""Free ports near the preferred ones."""

import socket
from collections.abc import Callable, Mapping, Sequence

import psutil

from models.failures import NoServer

SEARCHED = 500
"""The range above a preferred port in which a free one is searched."""

_claims: dict[int, socket.socket] = {}
"""The ports that this process has claimed, each by a socket that the kernel closes with the process."""


def choose_ports(
    host: str,
    whose: str,
    preferred: Mapping[str, int],
    *,
    offsets: Sequence[int],
    taken: set[int],
    say: Callable[[str], None],
) -> dict[str, int]:
    """For each preferred port itself, or the next free one above it.

    Args:
        host: The address that will be bound.
        whose: The user of the ports, for messages.
        preferred: Ports by name.
        offsets: A port counts as free if the ports at all these distances are: 0, and those that it implies.
        taken: Ports that must not be chosen as alternatives: all preferred ones. Chosen ones are added.
        say: Receives messages about changed ports.

    Raises:
        NoServer: None is free.
    """
    chosen: dict[str, int] = {}
    moved: list[str] = []
    busy: list[int] = []
    for name, wish in preferred.items():
        in_the_way = [wish + offset for offset in offsets if not _take(host, wish + offset)]
        port = wish
        if in_the_way:
            port = _next_free(host, wish, offsets, taken, f"{whose} {name}")
            taken |= {port + offset for offset in offsets}
            moved.append(f"{name} {port}")
            busy += in_the_way
        chosen[name] = port
    if moved:
        one = len(busy) == 1
        numbers = ", ".join(map(str, busy))
        say(
            f"{'Port' if one else 'Ports'} {numbers} {'is' if one else 'are'} taken{_holder(busy)}: "
            f"{whose} uses {', '.join(moved)}."
        )
    return chosen


def _next_free(host: str, wish: int, offsets: Sequence[int], taken: set[int], who: str) -> int:
    for port in range(wish + 1, min(wish + SEARCHED, 65_536 - max(offsets))):
        needed = {port + offset for offset in offsets}
        if not needed & taken and all(_take(host, each) for each in needed):
            return port
    raise NoServer(f"No port is free for {who} from {wish} on; end what listens there, or name another port.")


def _take(host: str, port: int) -> bool:
    # Another process's port is not claimed: a claim lasts as long as this process.
    return is_free(host, port) and claim(port)


def claim(port: int) -> bool:
    """Reserve a port against the stacks of other processes until this process ends.

    Two stacks that start side by side would both find a port free; the loser would also remove the other's gRPC
    sockets, which SeaweedFS names by port and puts into /tmp, wherever its data are.

    Args:
        port: The port.
    """
    if port in _claims:
        return True
    # A name in Linux's abstract namespace: one owner on the machine, gone with its process, no file to forget.
    mark = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        mark.bind(f"\0echonos-port-{port}")
    except OSError:
        mark.close()
        return False
    _claims[port] = mark
    return True


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        # As servers do: a connection that lingers in TIME_WAIT is no obstacle, a listener is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def listens(pid: int, port: int) -> bool:
    """Whether this process itself listens on a port: another server there must not pass for ours."""
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except psutil.Error:
        return False
    return any(c.status == psutil.CONN_LISTEN and c.laddr.port == port for c in connections)


def _holder(ports: list[int]) -> str:
    # One look at the whole machine: asked process by process and port by port, 200 processes take seconds.
    try:
        connections = psutil.net_connections("tcp")
        listeners = ((c.pid, c.laddr[1:]) for c in connections if c.status == psutil.CONN_LISTEN)
        pids = [pid for pid, port in listeners if pid and not {*port}.isdisjoint(ports)]
        return f" by {psutil.Process(pids[0]).name()} (process {pids[0]})" if pids else ""
    except psutil.Error:
        return ""
