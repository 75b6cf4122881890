"""Frozen contracts that cross a process boundary: workflow inputs, activity results, stored documents."""
