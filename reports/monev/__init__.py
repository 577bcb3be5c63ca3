"""The letter that tells TPN how a unit with a predicate is doing (PermenPANRB 90/2021, Lampiran II, Bab IV)."""
