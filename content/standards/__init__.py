"""Hazard standards: standard → version → section → clause."""
