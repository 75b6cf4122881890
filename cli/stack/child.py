"""Run a command that dies with its parent, even when the parent is killed with SIGKILL.

Started as a script: `child.py PARENT_PID COMMAND ARGUMENTS…`. It replaces itself with the command, so that it costs a
few milliseconds once and no process. This is safer than a `preexec_fn`, which runs Python between fork and exec of a
process with threads. The kernel ties the death signal to the thread that forked: see `cli.stack.supervisor`.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent_pid: int, command: list[str]) -> None:
    """Ask for SIGKILL at the parent's death and become `command`."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        return  # the parent died before the death signal was set
    os.execv(command[0], command)  # noqa: S606  # the whole purpose


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
