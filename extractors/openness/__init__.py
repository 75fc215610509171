"""Finding openness shifts in articles: names, rules, modality, levels."""
