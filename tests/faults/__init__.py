"""The fault matrix: real servers, real databases, real kills, and a ledger of acknowledgements as the oracle."""
