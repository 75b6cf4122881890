"""Use cases, each once: what the web backend and the command line offer alike."""
