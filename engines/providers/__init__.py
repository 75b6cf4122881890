"""Directors, painters and animators."""
