"""Course and lesson pages."""
