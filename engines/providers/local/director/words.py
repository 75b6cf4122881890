"""The director's words for moods, hours, weather and light. None of them names a thing: it would be drawn."""

from typing import Literal

from engines.providers.local.reading.facts import Time, Weather

Tone = Literal["tender", "euphoric", "tense", "melancholy", "defiant", "dreamy", "playful", "dark"]
Act = Literal["opening", "telling", "rising", "peak", "elsewhere", "ending"]

TONES: dict[Tone, str] = {
    "tender": "tender,love,lover,lovers,romantic,intimate,kiss,gentle,warm,soft,devotion,close,longing,heart",
    "euphoric": "euphoric,joy,joyful,party,celebrate,celebration,happy,ecstatic,triumph,triumphant,free,freedom,"
    "careless,weightless,summer,electric,alive,dance,dancing",
    "tense": "tense,danger,dangerous,chase,fear,thriller,nervous,suspense,suspicion,escape,hunted,urgent,breathless,"
    "restless,frightening,fleeing",
    "melancholy": "melancholy,sad,lonely,loss,lost,tears,goodbye,nostalgia,nostalgic,grief,rain,heartbroken,alone,"
    "memory,memories,missing,regret,empty,heartbreak",
    "defiant": "defiant,defiance,rebel,rage,angry,fight,war,power,strong,warrior,riot,brave,fists,victory,battle",
    "dreamy": "dream,dreams,dreamlike,dreamy,surreal,float,floating,magic,magical,ethereal,hypnotic,cosmic,stars,"
    "languid,sensual",
    "playful": "playful,funny,fun,cute,cheeky,cartoon,silly,toy,clumsy,charming,cocky",
    "dark": "dark,horror,gothic,evil,death,dead,blood,haunted,demon,ghost,ghosts,apocalypse,nightmare,harsh,cold",
}
MOODS: dict[Tone, dict[Act, str]] = {
    "tender": {"opening": "hushed and expectant", "telling": "intimate, unguarded", "rising": "aching, drawing nearer",
               "peak": "overwhelming tenderness", "elsewhere": "fragile and far apart", "ending": "quietly held"},
    "euphoric": {"opening": "calm before the rush", "telling": "light-footed, curious", "rising": "giddy anticipation",
                 "peak": "pure euphoria", "elsewhere": "weightless, out of time", "ending": "blissfully spent"},
    "tense": {"opening": "uneasy calm", "telling": "watchful, hunted", "rising": "tightening, breath held",
              "peak": "full flight, adrenaline", "elsewhere": "cornered and silent", "ending": "uncertain relief"},
    "melancholy": {"opening": "lonely stillness", "telling": "wistful, turned inward", "rising": "grief surfacing",
                   "peak": "cathartic release", "elsewhere": "numb, suspended", "ending": "resigned and clear"},
    "defiant": {"opening": "simmering resolve", "telling": "stubborn, forward-moving", "rising": "gathering force",
                "peak": "blazing defiance", "elsewhere": "wounded pride", "ending": "standing tall, exhausted"},
    "dreamy": {"opening": "half asleep", "telling": "drifting, hypnotic", "rising": "gravity letting go",
               "peak": "rapturous, otherworldly", "elsewhere": "lost in another dream", "ending": "slowly waking"},
    "playful": {"opening": "mischief stirring", "telling": "cheeky and curious", "rising": "a plan comes together",
                "peak": "riotous fun", "elsewhere": "a bashful pause", "ending": "one last wink"},
    "dark": {"opening": "ominous quiet", "telling": "brooding, shadowed", "rising": "dread closing in",
             "peak": "terrible grandeur", "elsewhere": "a glimpse of what was", "ending": "cold ash and silence"},
}  # fmt: skip
COLOURS: dict[str, str] = {
    "red": "#c8202f", "crimson": "#a3122c", "scarlet": "#e0281f", "orange": "#f07c1e", "amber": "#f2a93b",
    "gold": "#d9a520", "golden": "#e3b04b", "yellow": "#f5d033", "green": "#2f9e52", "emerald": "#138a5c",
    "olive": "#76803a", "teal": "#12808a", "turquoise": "#2cc4bd", "cyan": "#1fc8e3", "blue": "#2359c4",
    "navy": "#14245c", "indigo": "#3a2d8f", "purple": "#7430a8", "violet": "#8a4fd3", "lavender": "#b39ddb",
    "pink": "#f2729f", "magenta": "#dc1f93", "white": "#f4f2ec", "silver": "#b8bec9", "black": "#0a0a0c",
    "brown": "#6b4327", "beige": "#d8c4a0", "copper": "#b5652f", "turquoise blue": "#27a9c9",
}  # fmt: skip
TIME_PHRASES: dict[Time, tuple[str, ...]] = {
    "dawn": ("at dawn", "at first light", "early in the morning"),
    "day": ("in full daylight", "at noon", "on a bright afternoon"),
    "golden": ("at golden hour", "at sunset", "in the low evening sun"),
    "dusk": ("at dusk", "at twilight", "in the blue hour"),
    "night": ("at night", "after midnight", "late at night"),
}
WEATHER_PHRASES: dict[Weather, tuple[str, str]] = {
    # calm, driven
    "clear": ("under a clear sky", "in crisp, clear air"),
    "clouds": ("under drifting clouds", "under towering clouds"),
    "rain": ("in light rain", "in pouring rain"),
    "snow": ("in quiet snowfall", "in whirling snow"),
    "fog": ("in thin mist", "in rolling fog"),
    "storm": ("under a gathering storm", "in a raging thunderstorm"),
    "dust": ("in hanging dust", "in a driving dust storm"),
}
WEATHER_MOTION: dict[Weather, str] = {
    "clear": "the air barely stirs",
    "clouds": "drifting clouds travel on",
    "rain": "rain streaks through the light and rings spread on the ground",
    "snow": "snow swirls past the lens",
    "fog": "fog rolls slowly through the frame",
    "storm": "flashes flicker and wind tears at everything",
    "dust": "dust blows across the frame",
}
LIGHTS: dict[Time, tuple[str, str, str]] = {
    # calm, telling, peak
    "dawn": ("pale light with a first warm rim", "soft side light", "long beams breaking over the edge"),
    "day": ("soft open shade", "hard directional light", "dazzling light with bright edges"),
    "golden": ("honeyed glow, long shadows", "warm low backlight", "a burning backlight, flares across the lens"),
    "dusk": ("fading violet light", "cool light against a warm glow", "a blazing horizon behind"),
    "night": ("a faint distant glow", "patches of light, deep shadows", "coloured light from all sides"),
}
INDOOR_LIGHTS: tuple[str, str, str] = (
    "soft warm light from one side",
    "side light, deep shadows",
    "sweeping beams and bright backlight",
)
