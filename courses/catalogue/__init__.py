"""What can be learnt, who has to learn it, and who has taken it up."""
