"""Serves the web backend: `python -m api`."""

import os
import sys

import uvicorn

from api.app import create_app
from api.door import HEAD_BYTES, Doorkeeper, protocol_of
from bootstrap import set_up_logs
from models.failures import EchonosError
from models.loopback import keep_loopback_direct
from settings import Settings

STREAMS_END_S = 2
"""Seconds that a stop waits for event streams; their readers reconnect by themselves."""


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    keep_loopback_direct(os.environ)
    settings = Settings()
    set_up_logs(settings)
    keeper = Doorkeeper(settings.api_connections, settings.api_connections_per_address, settings.trusted_proxies)
    uvicorn.run(
        create_app(settings),
        http=protocol_of(keeper),
        h11_max_incomplete_event_size=HEAD_BYTES,
        host=settings.api_host,
        port=settings.api_port,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies) or None,
        timeout_graceful_shutdown=STREAMS_END_S,
        timeout_keep_alive=30,
    )


if __name__ == "__main__":
    try:
        main()
    except EchonosError as error:
        sys.exit(error.message)
