"""The editing place: who may do what, the review before publishing, the way in."""
