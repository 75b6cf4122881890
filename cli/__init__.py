"""What `starter.py` is made of: commands, the live view, and the local stack."""
