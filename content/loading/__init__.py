"""Loading the starting material under content/starter/."""
