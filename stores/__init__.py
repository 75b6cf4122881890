"""State that outlives a run: objects, credits, the Vault."""
