"""Exams, their blueprints, and the papers assembled from them."""
