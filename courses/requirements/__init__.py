"""Hours of training a person needs in a year, and how many have been credited."""
