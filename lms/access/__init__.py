"""Roles, rules and the deny-by-default middleware."""
