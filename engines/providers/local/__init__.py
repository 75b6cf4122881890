"""The director, painter and animator that need no account at a provider."""
