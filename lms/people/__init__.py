"""People: users, sign-in, personnel schemes, employments, staff import."""
