"""What a certificate looks like and who signs it."""
