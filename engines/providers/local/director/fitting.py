"""Our own words, truncated to a length: unlike a model, a rule cannot be asked for shorter ones."""


def within(words: str, most_chars: int) -> str:
    """The words, truncated between two words; scripts without spaces are truncated anywhere."""
    if len(words) <= most_chars:
        return words
    between = words.rfind(" ", 0, most_chars + 1)
    return words[: between if between > most_chars // 2 else most_chars].rstrip()
