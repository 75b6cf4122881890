"""Our own words, cut to a length: nobody is there who could be asked for shorter ones."""


def within(words: str, most_chars: int) -> str:
    """The words, cut between two of them where there are too many; scripts without spaces are cut anywhere."""
    if len(words) <= most_chars:
        return words
    between = words.rfind(" ", 0, most_chars + 1)
    return words[: between if between > most_chars // 2 else most_chars].rstrip()
