"""Animals and things, a family a module; icons for everything else."""
