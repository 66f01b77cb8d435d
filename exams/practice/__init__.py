"""练习: questions one at a time with the answer at once; nothing here counts for anything."""
