"""People: their looks, poses, bodies, clothes, heads, and what they hold."""
