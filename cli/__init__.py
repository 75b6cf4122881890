"""The command line: commands, the live view, and the local stack."""
