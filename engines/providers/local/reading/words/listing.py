"""Long lists of words, as text."""


def listed(text: str) -> frozenset[str]:
    """The words between commas; line breaks count as spaces."""
    return frozenset(" ".join(word.split()) for word in text.split(","))
