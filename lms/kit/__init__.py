"""Tools that know nothing of the domain: encrypted fields, spreadsheets, QR codes, compare-and-set."""
