"""The 20 presets: how each one looks, in words and colours, and what it shows when the artist gives no prompt."""

import difflib
import re

from pydantic import Field

from models.base import Model
from models.failures import InvalidInput


class Style(Model):
    """One preset.

    `default_direction` is a whole brief: what it names (places, hours, weather, people, things) also fills in what an
    artist's own prompt leaves open.
    """

    slug: str
    name: str
    simple: bool = Field(default=False, description="simple presets are made faster than complex ones")
    style_words: str = Field(description="the look, as one block for the end of an image prompt")
    negative_words: str = Field(description="what an image model should keep out")
    palette: tuple[str, ...] = Field(description="`#rrggbb`, darkest first")
    default_direction: str
    keywords: tuple[str, ...] = Field(default=(), description="further words under which people look for it")


_PLAIN_FAULTS = "text, watermark, logo, caption, deformed anatomy, extra limbs, blurry, low resolution"

STYLES: tuple[Style, ...] = (
    Style(
        slug="cinematic-realism",
        name="Cinematic Realism",
        style_words=(
            "cinematic realism, shot on 35mm anamorphic, natural skin texture, motivated practical lighting, "
            "shallow depth of field, restrained teal and amber grade, fine film grain"
        ),
        negative_words=f"{_PLAIN_FAULTS}, cartoon, illustration, plastic skin, oversaturated",
        palette=("#0d1317", "#21343d", "#4a6670", "#b0793f", "#e0b27a", "#f1e6d3"),
        default_direction=(
            "A young woman in a worn leather jacket leaves a motel room at dusk and drives an old car along an open "
            "road towards the sea. City street lamps after rain, a bridge in the fog, a stranger who keeps appearing "
            "in the distance. Intimate and restless, until she stands on the shore with her arms raised."
        ),
        keywords=("film", "movie", "realistic", "photoreal", "drama", "anamorphic"),
    ),
    Style(
        slug="golden-hour",
        name="Golden Hour",
        style_words=(
            "golden hour photography, low backlight with warm rim light, long soft shadows, sun flare, "
            "honeyed highlights, creamy bokeh, Kodak Portra tones"
        ),
        negative_words=f"{_PLAIN_FAULTS}, cold colours, harsh flash, grey light",
        palette=("#2b1a12", "#6b3a1e", "#b5652b", "#e39a45", "#f7c873", "#fff0cf"),
        default_direction=(
            "Two lovers run through a wheat field at golden hour, barefoot, laughing, the sun low behind them. "
            "A country road, a garden of sunflowers, a beach with gulls over the waves. Warm, weightless, the last "
            "evening of a summer that neither of them wants to end."
        ),
        keywords=("sunset", "warm", "summer", "romantic", "sun", "backlight"),
    ),
    Style(
        slug="film-noir",
        name="Film Noir",
        style_words=(
            "classic 1940s film noir, black and white, hard low-key chiaroscuro, venetian blind shadows, "
            "silver gelatin tones, deep blacks, wet reflections"
        ),
        negative_words=f"{_PLAIN_FAULTS}, colour, bright flat light, modern clothes",
        palette=("#050505", "#1c1c1c", "#434343", "#8a8a8a", "#c9c9c9", "#f4f4f4"),
        default_direction=(
            "A detective in a trench coat follows a woman in a black dress through city streets at night in the rain. "
            "A jazz club with one spotlight, a hotel room behind blinds, a train station in the fog, an iron bridge. "
            "Suspicion and longing, smoke and a black car waiting under a street lamp."
        ),
        keywords=("black and white", "detective", "1940s", "shadows", "monochrome", "crime"),
    ),
    Style(
        slug="neo-noir",
        name="Neo Noir",
        style_words=(
            "neo-noir thriller, saturated crimson and cyan practicals against black, wet asphalt reflections, "
            "anamorphic flares, hard side light, tense negative space"
        ),
        negative_words=f"{_PLAIN_FAULTS}, cheerful daylight, pastel, flat lighting",
        palette=("#07060b", "#1a1030", "#5b0f2e", "#d11f4a", "#1fb6c9", "#f3d9c8"),
        default_direction=(
            "A courier in a red jacket crosses a sleepless city street at night, rain on the asphalt, neon signs in "
            "every puddle. A tunnel, a rooftop, a motel room, a nightclub where a woman with silver hair waits. "
            "Cool, dangerous and seductive, with a black car always one corner behind."
        ),
        keywords=("thriller", "red", "neon", "drive", "crime", "night"),
    ),
    Style(
        slug="midnight-blue",
        name="Midnight Blue",
        style_words=(
            "monochromatic midnight blue grade, soft moonlit glow, misted highlights, velvet shadows, "
            "quiet negative space, delicate halation"
        ),
        negative_words=f"{_PLAIN_FAULTS}, orange light, warm sun, harsh contrast",
        palette=("#040817", "#0b1740", "#1a2f6f", "#34539f", "#7fa0dc", "#dfe9ff"),
        default_direction=(
            "A lonely dancer in a pale dress wanders along a lake at night under a full moon, mist on the water. "
            "A sleeping city skyline from a rooftop, a forest with fireflies, an empty room with an open window. "
            "Dreamlike and tender, an insomniac's hymn."
        ),
        keywords=("blue", "moon", "night", "dream", "calm", "melancholy"),
    ),
    Style(
        slug="3d-cartoon",
        name="3D Cartoon",
        simple=True,
        style_words=(
            "polished 3D animated feature look, rounded shapes, big expressive features, soft subsurface shading, "
            "bouncy proportions, clean global illumination, candy colours"
        ),
        negative_words=f"{_PLAIN_FAULTS}, photoreal, gritty, horror",
        palette=("#23315f", "#3d6fd1", "#38c1c9", "#ffb02e", "#ff6f61", "#fff3d6"),
        default_direction=(
            "A small boy with a huge backpack and his fox set out over green hills on a bright sunny day to catch a "
            "runaway red balloon. A toy-like city street, a stage at a street party, a garden of giant flowers, "
            "a balloon ride above the clouds. Playful, brave and warm-hearted."
        ),
        keywords=("pixar", "animation", "animated", "cgi", "family", "cute", "kids"),
    ),
    Style(
        slug="anime-shonen",
        name="Anime Shonen",
        style_words=(
            "shonen anime key frame, bold ink outlines, cel shading with hard two-tone shadows, speed lines, "
            "dramatic foreshortening, glowing energy, painted backgrounds"
        ),
        negative_words=f"{_PLAIN_FAULTS}, photoreal, 3d render, washed out",
        palette=("#12122b", "#243a8f", "#e2412e", "#ff8a1f", "#ffd23f", "#f7f5ff"),
        default_direction=(
            "A young warrior with spiky hair and a torn red scarf runs across city rooftops at sunset towards a storm. "
            "A ruined temple, a mountain ridge, an arena full of people, a rival with a silver mask. Friendship and "
            "defiance: he falls, he gets up, he raises his fist and lightning answers."
        ),
        keywords=("manga", "anime", "battle", "action", "hero", "japanese"),
    ),
    Style(
        slug="watercolor-anime",
        name="Watercolor Anime",
        style_words=(
            "watercolor anime illustration, transparent washes on textured paper, soft pencil lines, bleeding edges, "
            "airy pastel skies, gentle light"
        ),
        negative_words=f"{_PLAIN_FAULTS}, photoreal, harsh contrast, hard black outlines",
        palette=("#3b4a6b", "#6f8fb8", "#9cc5c9", "#f2b5a7", "#f7dca1", "#fdf8ee"),
        default_direction=(
            "A girl with a straw hat walks through a meadow in the morning, clouds towering above the hills. "
            "A seaside village road, a train crossing the bay, a forest shrine in light rain, a garden of hydrangea "
            "flowers. Nostalgic and gentle, the summer she learned to say goodbye."
        ),
        keywords=("ghibli", "pastel", "painting", "soft", "aquarelle", "anime"),
    ),
    Style(
        slug="painterly-3d",
        name="Painterly 3D",
        style_words=(
            "painterly 3D animation, visible brush strokes on sculpted forms, broken colour, impasto highlights, "
            "stylized shapes, graphic rim light, limited frame rate feel"
        ),
        negative_words=f"{_PLAIN_FAULTS}, photoreal, glossy plastic, flat vector",
        palette=("#1b1633", "#44327a", "#b13e6d", "#ef7d57", "#f9c66b", "#f4ecd8"),
        default_direction=(
            "A street musician with a guitar crosses a crooked old town at dusk, paper lanterns overhead. "
            "A cathedral hall full of candles, a bridge above a river, a rooftop under giant clouds, a stage that "
            "becomes a storm of petals. Bold and romantic, each return a new burst of paint."
        ),
        keywords=("arcane", "painted", "brush", "oil", "stylized", "art"),
    ),
    Style(
        slug="low-poly-3d",
        name="Low Poly 3D",
        simple=True,
        style_words=(
            "low poly 3D render, flat-shaded triangular facets, crisp geometric shapes, simple gradients, "
            "isometric clarity, soft ambient occlusion"
        ),
        negative_words=f"{_PLAIN_FAULTS}, photoreal, fine texture, noise",
        palette=("#1d2b3a", "#2f6f7e", "#4fb286", "#f2c14e", "#f78154", "#f5f1e6"),
        default_direction=(
            "A lone traveler with an orange backpack walks over a faceted desert on a clear morning towards crystal "
            "mountains. A forest of cone trees, a tiny island with a lighthouse in the sea, a snowfield, a deer that "
            "leads the way. Calm, curious, and triumphant at the summit."
        ),
        keywords=("polygon", "geometric", "minimal", "game", "3d", "facets"),
    ),
    Style(
        slug="claymation",
        name="Claymation",
        style_words=(
            "stop-motion claymation, plasticine figures with thumbprints, miniature sets of felt and cardboard, "
            "macro lens, warm tabletop lighting, slightly uneven frame to frame"
        ),
        negative_words=f"{_PLAIN_FAULTS}, photoreal skin, digital gloss, sharp cgi",
        palette=("#2e2118", "#6d4630", "#a9502f", "#d98e4a", "#7fae8b", "#f3e3c3"),
        default_direction=(
            "An old clockmaker and his cat live in a crooked house on a hill; one evening the cat runs away with the "
            "moon. A workshop room, a market street of felt, a cotton-wool snowfield, a boat on a cellophane sea. "
            "Funny, clumsy and unexpectedly moving."
        ),
        keywords=("stop motion", "clay", "plasticine", "handmade", "puppet", "aardman"),
    ),
    Style(
        slug="dynamic-anime",
        name="Dynamic Anime",
        style_words=(
            "high-energy modern anime, fluid sakuga motion, extreme perspective, vivid digital compositing, "
            "chromatic glow, motion smears, thin clean line art"
        ),
        negative_words=f"{_PLAIN_FAULTS}, photoreal, static pose, muddy colours",
        palette=("#0b1026", "#2b2f8f", "#7a34e0", "#f0338f", "#27d6ff", "#f6f7ff"),
        default_direction=(
            "A girl with headphones races a motorbike along an elevated highway at twilight, the city lights turning "
            "to streaks. A crowded crosswalk, a subway tunnel, a rooftop stage with a crowd, a bridge in sudden rain. "
            "Breathless, electric, falling and flying at once."
        ),
        keywords=("anime", "action", "speed", "sakuga", "vivid", "energetic"),
    ),
    Style(
        slug="found-footage",
        name="Found Footage",
        style_words=(
            "found footage camcorder frame, handheld VHS, interlaced scan lines, tracking noise, blown-out highlights, "
            "on-camera light falloff, smeared colour"
        ),
        negative_words=f"{_PLAIN_FAULTS}, studio lighting, polished, symmetrical composition",
        palette=("#0a0d0a", "#20302a", "#4c5f4c", "#8f8a63", "#c9b98a", "#e9ecd9"),
        default_direction=(
            "Friends with one flashlight run through a forest at night, filming each other, unsure what follows them. "
            "An abandoned house, a ruined factory, a road with a single car, a tunnel in the fog. "
            "Nervous, funny, then truly frightening; the last tape is morning."
        ),
        keywords=("vhs", "camcorder", "horror", "tape", "handheld", "90s", "raw"),
    ),
    Style(
        slug="disposable-camera",
        name="Disposable Camera",
        style_words=(
            "disposable camera snapshot, direct on-camera flash, ISO 800 grain, light leaks, faded greens, "
            "red-toned skin, crooked candid framing"
        ),
        negative_words=f"{_PLAIN_FAULTS}, studio lighting, hdr, polished render",
        palette=("#15181b", "#33443f", "#7a5a48", "#c76b4f", "#e3c48f", "#f6efdf"),
        default_direction=(
            "Four friends on the longest night of their twenties: a house party in a small apartment, dancing in the "
            "kitchen, a rooftop at dawn. A car full of people on the road to the beach, a diner street, sparklers. "
            "Careless, close and already half a memory."
        ),
        keywords=("flash", "snapshot", "party", "analog", "film", "nostalgia", "2000s", "friends"),
    ),
    Style(
        slug="tilt-shift",
        name="Tilt Shift",
        style_words=(
            "tilt-shift miniature effect, narrow band of focus with strong blur above and below, toy-like scale, "
            "high saturation, crisp elevated viewpoint"
        ),
        negative_words=f"{_PLAIN_FAULTS}, deep focus, gloomy",
        palette=("#1f2d3d", "#2f6690", "#3fa796", "#f4b942", "#ef6f6c", "#f7f4ea"),
        default_direction=(
            "A whole city as a model railway on a sunny afternoon: tiny people crossing streets, a yellow taxi that "
            "gets lost. A harbor with boats, a stadium full of people, a snowy mountain village, a train on a viaduct. "
            "Busy and charming, one small love story that only we can see."
        ),
        keywords=("miniature", "toy", "model", "tiny", "aerial", "city"),
    ),
    Style(
        slug="retro-open-world",
        name="Retro Open World",
        style_words=(
            "early 2000s open-world video game, low-resolution textures, hard sun shadows, limited draw distance haze, "
            "boxy geometry, third-person camera behind the shoulder, sun-bleached colours"
        ),
        negative_words=f"{_PLAIN_FAULTS}, photoreal, modern ray tracing, film grain",
        palette=("#1c1f2b", "#3b4f5c", "#7c8f58", "#d88c3a", "#f2b95f", "#f3ead0"),
        default_direction=(
            "A drifter in a white tank top steals a convertible car on a palm-lined boulevard on a hazy afternoon and "
            "drives out of the city. A desert road with a gas station, a pier at the beach, a rooftop with a helipad, "
            "a neon club at night. Cocky, funny, free: the mission is never the point."
        ),
        keywords=("gta", "video game", "ps2", "game", "san andreas", "90s"),
    ),
    Style(
        slug="cyberpunk",
        name="Cyberpunk",
        style_words=(
            "cyberpunk, dense neon glow in magenta and cyan, holographic haze, chrome and cables, volumetric light, "
            "rain-slick reflections, towering vertical composition"
        ),
        negative_words=f"{_PLAIN_FAULTS}, pastoral, natural daylight, medieval",
        palette=("#06060f", "#141a3c", "#3a1d6e", "#e0218a", "#17d4e6", "#f2f0ff"),
        default_direction=(
            "An android with a glowing seam across her face walks through a megacity street at night in the rain, neon "
            "signs above the crowd. A server tunnel, a rooftop over the skyline, a nightclub of holograms, a market "
            "bridge. She is looking for the one human voice that she remembers."
        ),
        keywords=("neon", "future", "android", "sci-fi", "hacker", "blade runner", "dystopia"),
    ),
    Style(
        slug="vaporwave",
        name="Vaporwave",
        style_words=(
            "vaporwave aesthetic, pink and turquoise gradients, retro computer grid, marble and chrome, VHS bloom, "
            "surreal empty symmetry, 1980s airbrush"
        ),
        negative_words=f"{_PLAIN_FAULTS}, gritty realism, brown tones",
        palette=("#1a0b3b", "#4b2a8c", "#b14fd1", "#ff71ce", "#5fe3e8", "#fff1fb"),
        default_direction=(
            "A marble statue comes to life in an empty mall hall at dusk and drives a white convertible car along a "
            "palm road into an enormous striped sun. A pink beach, a checkerboard space with planets, a swimming-pool "
            "garden, a rooftop. Languid, ironic, secretly heartbroken."
        ),
        keywords=("80s", "retro", "synthwave", "pink", "aesthetic", "grid", "statue"),
    ),
    Style(
        slug="post-apocalyptic",
        name="Post Apocalyptic",
        style_words=(
            "post-apocalyptic film look, bleach-bypass desaturation, rust and ochre, hard sun through airborne grit, "
            "weathered textures, vast empty scale"
        ),
        negative_words=f"{_PLAIN_FAULTS}, clean surfaces, lush, cheerful",
        palette=("#14100c", "#3a2c20", "#6e5138", "#a97d4b", "#d4b483", "#eee1c6"),
        default_direction=(
            "A survivor in goggles and a torn coat walks with a wolf through a desert of dust that was once a city. "
            "Ruins with a broken billboard, a dead highway full of cars, a bunker tunnel, a green garden behind glass. "
            "Harsh and lonely, until a fire on the ridge says that someone else is alive."
        ),
        keywords=("wasteland", "mad max", "dystopia", "ruins", "desert", "survival"),
    ),
    Style(
        slug="liquid-chrome",
        name="Liquid Chrome",
        style_words=(
            "liquid chrome surrealism, mercury-like mirrored surfaces, iridescent caustics, high-key studio rim light, "
            "flowing metal shapes, glossy Y2K futurism"
        ),
        negative_words=f"{_PLAIN_FAULTS}, matte, rustic, grainy",
        palette=("#08090d", "#2a2f3d", "#6d7891", "#a9b8d6", "#c9a7f2", "#f5f8ff"),
        default_direction=(
            "A dancer of liquid silver spins in an endless white hall, her reflection a beat late. A mercury sea under "
            "a violet twilight, a desert of mirrors, a tunnel of ripples, a stage in space with a ringed planet. "
            "Sensual and weightless: metal learns to breathe."
        ),
        keywords=("chrome", "metal", "y2k", "mercury", "silver", "futuristic", "abstract"),
    ),
)
"""In the order of the form."""


def find_style(name_or_slug: str) -> Style:
    """The preset of a name or slug.

    Args:
        name_or_slug: "Film Noir", "film-noir", " film  NOIR ".

    Returns:
        The preset.

    Raises:
        InvalidInput: There is none of that name; the sentence names the closest ones.
    """
    wanted = _folded(name_or_slug)
    by_key = {_folded(style.name): style for style in STYLES}
    if wanted in by_key:
        return by_key[wanted]
    close = difflib.get_close_matches(wanted, by_key, n=3, cutoff=0.5)
    matches = [by_key[key] for key in close] or list(search_styles(name_or_slug))[:3]
    advice = f"did you mean {' or '.join(style.name for style in matches)}?" if matches else "see `styles` for all 20."
    raise InvalidInput(f"There is no style “{name_or_slug.strip()[:60]}”; {advice}", code="unknown_style")


def search_styles(text: str) -> tuple[Style, ...]:
    """Presets for a search field: every word must begin a word of the name, the keywords or the look.

    Args:
        text: What was typed; empty finds all.

    Returns:
        Matches in the name first, then in the keywords, then in the look; within each the form's order.
    """
    words = re.findall(r"\w+", text.lower())

    def rank(style: Style) -> int | None:
        pools = (style.name, f"{style.name} {' '.join(style.keywords)}", f"{style.name} {style.style_words}")
        for place, pool in enumerate(pools):
            known = re.findall(r"\w+", pool.lower())
            if all(any(entry.startswith(word) for entry in known) for word in words):
                return place
        return None

    ranked = [(place, style) for style in STYLES if (place := rank(style)) is not None]
    return tuple(style for _, style in sorted(ranked, key=lambda pair: pair[0]))


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
