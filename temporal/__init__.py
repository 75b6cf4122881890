"""Everything that talks to Temporal and is not a workflow."""
