"""Certificates that the platform issues: designs, issuing, public verification."""
