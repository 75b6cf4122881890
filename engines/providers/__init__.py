"""Who directs, paints and animates."""
