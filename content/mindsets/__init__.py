"""The four mindsets and the three violations."""
