"""Alembic's entry: runs the steps on the connection that `stores.database.migrate` opened and locked."""

from alembic import context

import stores.schema_access  # noqa: F401  # its tables belong to the same metadata
from stores.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
