"""The register: regions, sector committees, industries, enterprises, workshops, teams, posts."""
