"""Background entry points of the papers."""
