"""What all pages share: codes, text for searching, the front page."""
