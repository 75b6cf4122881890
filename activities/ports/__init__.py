"""Protocols that the steps need. Engines and stores satisfy them; `bootstrap.py` connects them."""

from collections.abc import Callable

Pulse = Callable[[], None]
"""Called a few times a second during long work; raises if the work was cancelled."""
