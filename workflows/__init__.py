"""Deterministic decisions only: everything with a side effect is an activity."""
