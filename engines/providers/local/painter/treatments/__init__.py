"""What each look does to a painted scene: how light, line, surface and lens turn it into its own kind of picture."""
