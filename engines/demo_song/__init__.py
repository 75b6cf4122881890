"""A song that the project composes and synthesizes itself."""
