"""File formats of the bank: each module reads or writes one; `exchange` says what passes between."""
