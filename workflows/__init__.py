"""Decisions only, deterministic: everything that touches the world is an activity."""
