"""The local painter: stills drawn from their prompts, without an account at a provider."""
