"""Document types, signing, issuing, archive, verification; the company's profile."""
