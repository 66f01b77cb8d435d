"""Taking an exam: attempts, answers that are never lost, grading, receipts."""
