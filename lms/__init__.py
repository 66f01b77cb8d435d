"""The core: organisations, people, access, audit, background jobs and the coverage ledger."""
