"""Places as compositions, a kind of place a module."""
