"""Figures of speech: phrases that mean a feeling, whose nouns are no pictures."""

import re

_FEELING = (
    "love|hate|hope|fear|joy|sorrow|grief|pain|anger|rage|life|death|time|memor(?:y|ies)|dreams?|souls?|silence|"
    "loneliness|emotions?|feelings?|desire|passion|longing|lies|truth|regrets?|guilt|tears|madness|chaos|"
    "thoughts?|sadness|happiness|darkness|my mind|her mind|his mind|youth|freedom|doubts?|despair|kindness|envy|"
    "faith|fate|destiny|solitude|nostalgia|words|sound|music|noise|colou?rs?|light|melancholy|possibilit(?:y|"
    "ies)|uncertainty|stone|gold|glass|steel|ice"
)
_IMAGE = (
    "oceans?|seas?|rivers?|storms?|mountains?|walls?|flames?|fires?|roads?|bridges?|doors?|keys?|seeds?|waves?|"
    "floods?|islands?|shadows?|ghosts?|ashes|thorns?|garden|weight|ship|prison|cage|chains?|mirrors?|deserts?|"
    "rain|light|lighthouse|anchor|wings|fountain|tower|labyrinth|maze|abyss|path|window|clouds?|tunnel|forest|"
    "city|castle|star|flowers?|house|fog|tide"
)
_FELT = _FEELING.replace("|stone|gold|glass|steel|ice", "")
PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bhearts? (?:of|made of) (?:stone|gold|glass|steel|ice|fire|darkness)",
        rf"\b(?:an? |the |my |her |his )?(?:{_IMAGE}) of (?:my |her |his |their |our )?"
        rf"(?:{_FELT})\b",
        r"\b(?:broken|breaking|burning|aching|frozen|heavy|bleeding|racing|beating|restless|stolen|wild) hearts?\b",
        r"\b(?:my|your|her|his|their|our) hearts? (?:is|are|was|breaks?|burns?|races?|beats?|bleeds?|sinks?|"
        r"sings?|melts?)"
        r"(?: (?:on fire|like \w+ \w+|like \w+))?",
        r"\b(?:burn(?:s|ing)?|drown(?:s|ing)?|drunk|lost|swim(?:s|ming)?|blind(?:ed)?|consumed|frozen|trapped|adrift) "
        rf"(?:in|with|by|on) (?:a sea of |an ocean of |the )?(?:{_FELT})\b",
        r"\b(?:storm|fire|war|battle|hole|void|winter|ocean|sea|desert|rain|darkness|light|flame|sun|hurricane) "
        r"(?:in|inside|within) (?:my|your|her|his|their|our|the) (?:heart|head|mind|soul|chest|eyes|veins|blood)s?\b",
        r"\b(?:fire|stars?|rain|oceans?|tears|ice|storms?|lightning|galaxies|universe) "
        r"in (?:my|your|her|his|their|our) eyes\b",
        r"\bbutterflies in (?:my|your|her|his|the) (?:stomach|belly|tummy)\b",
        r"\b(?:weight|end|edge|top|rest) of the world\b",
        r"\b(?:a|the) (?:bridge|wall|ocean|river|mountain|desert)s? between "
        r"(?:us|them|you and me|two hearts|me and you)\b",
        r"\bwalls? (?:around|of) (?:my|her|his|their|our) (?:heart|soul)\b",
        r"\b(?:fall(?:s|ing)?|fell) (?:in|out of) love\b",
        r"\btime (?:flies|stands still|stops|is a \w+|runs out|heals)\b",
        r"\b(?:as|so) (?:\w+) as (?:an? |the )?\w+(?: \w+)?(?=[,.;!?]|$| and| in| on| the| she| he)",
        r"\b(?:walk(?:s|ing)?|dance|dancing|feel(?:s|ing)?) on (?:air|clouds?|sunshine|thin ice)\b",
        r"\bon cloud nine\b",
        r"\b(?:lone wol(?:f|ves)|black sheep|white elephant|dark horse|night owls?|early bird) "
        r"(?:in|at|of) (?:heart|spirit)",
        r"\b(?:world|sky|life|everything|love) (?:is|was|becomes) (?:a|an) (?:stage|battlefield|game|prison|highway|"
        r"rollercoaster|roller coaster|river|journey|song)\b",
        r"\blight at the end of the tunnel\b",
        r"\bcold feet\b|\bcold shoulder\b|\bburn(?:s|ing|ed)? bridges\b|\bskeletons? in the closet\b|"
        r"\belephant in the room\b|"
        r"\bneedle in a haystack\b|\btip of the iceberg\b|\bapple of (?:my|her|his) eye\b|\bout of the blue\b|"
        r"\bhouse of cards\b|\bcastles? in the (?:air|sky|sand)\b|\bfeel(?:s|ing)? blue\b|\bseeing red\b|"
        r"\bgreen with envy\b|"
        r"\bdevil in (?:me|her|him)\b|\bblood sweat and tears\b|\bhead over heels\b|\bunder the weather\b|"
        r"\bheart and soul\b|\bpiece of cake\b|\bcrocodile tears\b|\bwild goose chase\b|"
        r"\bmonkey on (?:my|his|her) back\b",
    )
)
"""Matched in lower case."""

GENRES = re.compile(
    r"\b(?:(?:death|black|heavy|doom|folk|power|thrash) metal|"
    r"children'?s?'? songs?|hip hop|drum and bass|country song)\b"
)
"""Kinds of music, whose words are no pictures."""

SIMILE = re.compile(
    r"(?<![-\w])(?:like|as if|as though|resembles|reminds \w+ of) (?:an? |the |two |old |little |some |\w+ing |\w+ed )*"
    r"(?:\w+)(?: (?:in|on|of|without|from) (?:an? |the )?\w+)?"
)
"""“Like a bird”: says how, not what. The words after “looks like” are no simile for a style either."""
