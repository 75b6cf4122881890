"""Words of the director: what a brief may say beside the places, hours, weather and things that the painter knows."""

from typing import Literal

from engines.providers.local.painter.lexicon import Place, Time, Weather

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
IMPLIED: dict[Place, str] = {
    "forest": "falling leaves,fallen leaves,autumn,leaf,deer,stag,wolf,fox,owl,hunter,elf,elves,fairy,witch,moss,ferns,"
    "campfire,bear,fireflies",
    "field": "horse,horses,rides,riding,rider,horseman,farmer,scarecrow,kite,sheep,harvest,picnic,tractor,hay",
    "mountains": "knight,dragon,eagle,viking,climber,shepherd,hermit,monk,wizard,avalanche,hiker,warrior",
    "hall": "king,queen,prince,princess,throne,crown,organ,priest,chandelier,waltz",
    "sea": "sailor,fisherman,pirate,pirates,mermaid,ship,ships,boat,sail,sails,sailing,whale,surfer,seagull,seagulls,"
    "captain,shipwreck,anchor",
    "desert": "cowboy,camel,camels,caravan,nomad,scorpion,cactus,pyramid",
    "space": "astronaut,alien,aliens,rocket,satellite,comet,spacecraft,space suit,spacesuit,gravity",
    "street": "detective,taxi,police,graffiti,gangster,skateboard,skater,cyberpunk,hacker,courier,traffic",
    "rooftop": "superhero,parkour,pigeons",
    "stage": "singer,band,guitarist,drummer,rapper,microphone,crowd,pianist,violinist,orchestra",
    "club": "dj,turntable,strobe,glow stick",
    "garden": "flowers,flower,butterfly,butterflies,bees,petals,gardener,rose",
    "snow": "skier,sled,reindeer,penguin,husky,snowman,yeti",
    "road": "driver,drives,driving,car,cars,biker,motorcycle,truck,hitchhiker,racer,caravan park",
    "underwater": "jellyfish,octopus,shark,sharks,submarine,scuba,seahorse",
    "river": "swan,swans,canoe,rowing,dragonfly,heron,frog,kingfisher",
    "ruins": "zombie,zombies,survivor,survivors,apocalypse,post-apocalyptic,mutant,soldier,soldiers",
}
"""Words that name no place but belong to one: a brief that leaves places open means these, before the preset's."""

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
    "storm": ("under a gathering storm", "in a thunderstorm with lightning"),
    "dust": ("in hanging dust", "in a driving dust storm"),
}
WEATHER_MOTION: dict[Weather, str] = {
    "clear": "the air barely stirs",
    "clouds": "clouds travel across the sky",
    "rain": "rain streaks through the light and rings spread in puddles",
    "snow": "snowflakes swirl past the lens",
    "fog": "fog rolls slowly through the frame",
    "storm": "lightning flickers and wind tears at everything",
    "dust": "dust blows across the frame",
}
LIGHTS: dict[Time, tuple[str, str, str]] = {
    # calm, telling, peak
    "dawn": (
        "pale blue light with a first warm rim",
        "soft pink side light",
        "the sun breaking over the edge in long beams",
    ),
    "day": ("soft open shade", "clear directional sunlight", "dazzling sunlight with hard bright edges"),
    "golden": ("honeyed haze, long shadows", "warm low backlight", "a huge burning sun behind, flares across the lens"),
    "dusk": ("fading violet light", "cool sky against warm lamps", "a blazing horizon and every lamp lit"),
    "night": ("a single distant lamp", "pools of lamp light, deep shadows", "a blaze of coloured light from all sides"),
}
INDOOR_LIGHTS: tuple[str, str, str] = (
    "one soft practical lamp",
    "side light through haze, deep shadows",
    "sweeping beams and bright backlight",
)
_STOP = (
    "a an the this that these those his her their its our my your and or but nor so yet as if then than when while "
    "where who whom whose which what how why of in on at by to from into onto over under above below between among "
    "through across along behind before after beside near with without within around towards toward up down out off "
    "again once one two is are was were be been being am do does did has have had will would can could should must may "
    "might not no never always only just very too also like it he she they them him we us you i me there here about "
    "against during until because each every some any all both more most other such own same vibe mood scene "
    "for neither wants end last let gets got "
    "video music song feeling look looks please make want shows show showing being becomes become turns"
)
STOP = frozenset(_STOP.split())
