"""Use cases, each once, for the web backend and the command line."""
