"""The audit log: append-only, hash-chained, written in the caller's transaction."""
