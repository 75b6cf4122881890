"""Tables of words: canonical names to the words that artists use for them."""
