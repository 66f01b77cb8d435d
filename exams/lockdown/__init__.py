"""Safe Exam Browser: the file for it, and the check that a request comes from it."""
