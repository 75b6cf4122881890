"""The local painter: stills drawn from their prompts, with no account at any provider."""
