"""Numbers of law and custom as data, each with its source and effective dates."""
