"""What talks to Temporal but is no workflow."""
