"""Identifying song files: content sniffing, length and limits, in a restricted child process."""
