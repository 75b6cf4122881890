"""Whether this container works: exit code 0 or 1.

A worker (`ECHONOS_READY_FILE` is set) has created its file once it polls. Whether its queues move is for alerts on
their backlog: a worker that is killed while the Temporal server is away comes back no sooner. The web backend answers.
"""

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit


def is_healthy() -> bool:
    """Whether it works."""
    ready_file = os.environ.get("ECHONOS_READY_FILE")
    if ready_file:
        return Path(ready_file).exists()
    port = os.environ.get("ECHONOS_API_PORT") or "8080"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    # The backend answers under its public name alone.
    host = urlsplit(os.environ.get("ECHONOS_PUBLIC_URL") or "").netloc or f"127.0.0.1:{port}"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    try:
        with opener.open(request, timeout=4) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_healthy() else 1)
