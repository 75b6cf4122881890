"""How the heavy work is really done. Only activities reach it, through ports."""
