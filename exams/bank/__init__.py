"""Questions: identities, immutable versions, review, import."""
