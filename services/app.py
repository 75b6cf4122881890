"""The parts that use cases need: settings, server, stores and gateways of one process, opened at their first use."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bootstrap import Application as App
else:
    # The composition root is above services: they know its type and never build it.
    App = object

__all__ = ["App"]
