"""An artist's own pictures and clips become stills and segments: upright, in standard range, cropped to fill."""
