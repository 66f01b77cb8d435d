"""Long work in the background with a visible status row: imports, exports, batches."""
