"""The heavy work. Only activities use it, through ports."""
