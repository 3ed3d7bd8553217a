"""Who affirms, denies or leaves open what? (speaker, claim, stance) from news articles."""
