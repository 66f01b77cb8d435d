"""From a clause to its questions, papers, exams and certificates, and back; and what to do when a clause lapses."""
