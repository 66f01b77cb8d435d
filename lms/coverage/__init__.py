"""What has been achieved (the outcome ledger) and how much of what is required that covers."""
