"""Words that are understood but are no pictures: function words, feelings and ideas, qualities."""

from engines.providers.local.reading.words.listing import listed

FUNCTION = listed(
    """a, an, the, this, that, these, those, his, her, their, its, our, my, your, and, or, but, nor, so, yet, as, if,
then, than, when, while, where, who, whom, whose, which, what, how, why, of, again, once, is, are, was, were,
be, been, being, am, do, does, did, has, have, had, having, will, would, can, could, should, must, may, might,
not, never, always, only, just, very, too, also, like, it, he, she, they, them, him, we, us, you, i, me,
there, here, about, against, during, until, because, each, every, some, any, all, both, more, most, other,
another, such, own, same, for, neither, let, gets, got, at, by, without, no, none, nobody, no-one, nothing,
anything, something, everything, somewhere, anywhere, everywhere, nowhere, himself, herself, themselves,
itself, myself, one's, im, i'm, it's, he's, she's, they're, don't, doesn't, can't, won't, isn't, didn't,
cannot, ours, theirs, hers, mine, yours, whoever, whenever, wherever, however, although, though, unless,
since, till, ago, already, almost, even, ever, maybe, perhaps, quite, rather, really, soon, still, together,
apart, alone, slowly, softly, suddenly, finally, away, back, forth, forward, backwards, ahead, down, up, out,
off, on, over, in, into, onto, to, from, with, through, along, across, around, between, above, below, under,
behind, before, after, beside, near, toward, towards, past, beyond, within, far, nearby, else, instead, first,
second, third, last, next, later, earlier, now, today, tomorrow, yesterday, forever, etc, eg, ie, vs, okay,
ok, yes, please, oh, ah, hey, la, na, s, t, d, ll, ve, re, m, o'clock, per, upon, amid, among, de, le, les,
un, une, et, der, die, das, und"""
)
CRAFT = listed(
    """lens, medium, detail, extreme, profile, quarter, view, seen, sight, toe, right, left, straight, front, farther,
    nearer, backlight, patches, rim, shade, directional, faint, pure, inward, thrown, spent, pause, force, resolve,
    euphoria, fun, flight, adrenaline, numb, grandeur, expectant, giddy, stubborn, wink, uncertain, relief, uneasy,
    strokes"""
)
"""How a picture is taken, lit and felt: it is followed, or sets the mood, and is nothing that could be missing."""

SEQUENCE = listed(
    """then, later, next, finally, afterwards, after, before, until, suddenly, eventually, end, ends, ending"""
)
ABSTRACT = listed(
    """love, hate, hope, fear, joy, sorrow, grief, pain, anger, rage, peace, war, freedom, life, death, time, memory,
memories, dream, dreams, nightmare, soul, spirit, mind, heartbreak, loss, loneliness, silence, sound, noise,
music, song, melody, rhythm, beat, bass-line, chorus, verse, intro, outro, bridge-part, hook, drop, lyrics,
voice, word, words, story, tale, journey, adventure, feeling, feelings, emotion, emotions, mood, vibe,
atmosphere, energy, power, strength, courage, truth, lie, lies, secret, secrets, beauty, youth, age,
childhood, past, future, present, moment, moments, hour, hours, minute, minutes, second, seconds, day-dream,
year, years, month, months, week, weeks, weekend, century, era, summer, spring, autumn, fall, winter, season,
seasons, eternity, infinity, nothingness, chaos, order, beginning, end, ending, goodbye, farewell, hello,
promise, wish, wishes, regret, guilt, shame, pride, desire, passion, lust, longing, nostalgia, melancholy,
sadness, happiness, madness, insanity, anxiety, depression, despair, faith, luck, fate, destiny, magic,
mystery, danger, escape, victory, defeat, triumph, failure, success, fame, work, job, school-days, home,
homeland, world, earthly, place, places, thing, things, way, ways, side, sides, part, parts, kind, sort, lot,
bit, piece, pieces, pair, style, video, clip, shot, shots, scene, scenes, camera-move, frame, frames, film,
movie, cinema, picture, image, images, close-up, closeup, wide, angle, slow, motion, slow-motion, montage,
cut, cuts, background, foreground, colour, color, colours, colors, palette, tone, tones, light, lights,
lighting, shadow, shadows, darkness, reflection, reflections, silhouettes, texture, pattern, shape, shapes,
line, lines, circle, circles, square-shape, geometry, symmetry, space-between, distance, horizon, air, breath,
breeze, wind, sky, skies, water, weather, temperature, heat, cold, warmth, cool, glow, shine, shimmer,
sparkle, glitter, gleam, ray, rays, beam, beams, haze-light, speed, movement, dance-move, step, steps-taken,
eyes, face, faces, hand, hands, finger, fingers, arm, arms, leg, legs, foot, feet, head, heads, hair, skin,
lips, mouth, smile, tears-of, shoulder, shoulders, back, body, bodies, heart, hearts, chest, knee, knees,
fist, fists, ear, ears, nose, cheek, cheeks, neck, tongue, tooth, teeth, blood, bone-deep, flesh, name, names,
number, numbers, question, answer, answers, idea, ideas, thought, thoughts, reason, reasons, problem, help,
trouble, game, games, rule, rules, plan, plans, news, history, legend, myth, god, gods, heaven, hell,
paradise, prayer, prayers, miracle, blessing, curse, spell, sin, sins, ritual, ceremony, wedding-day,
birthday, christmas, halloween, easter, holiday, vacation, trip, tour, evening-mood, group, team, nature,
universe-idea, galaxy-brain, reality, fantasy, surrealism, abstract, abstraction, minimalism, retro, vintage,
futurism, eighties, nineties, seventies, sixties, 80s, 90s, 70s, 60s, pop, rock, rap, metal, techno, folk,
jazz, blues, punk, house-music, trance, hip, hop, hip-hop, soul-music, edm, ballad, lullaby, anthem, tune,
symphony, concerto, quality, resolution, 4k, hd, cinematic, kindness, trust, betrayal, jealousy, innocence,
mischief, dread,
hunger, thirst, sleep, rest, fight, battle, struggle, tension, calm, storm-inside, edge, edges, top, bottom,
middle, centre, center, front, end-of, row, rows, stack, pile, heap, bunch, crowd-of, swarm, herd, pack,
flock, line-up, amount, dozen, hundred, thousands, hundreds, million, millions, couple-of, trail-of, handful,
nothing, emptiness, void-inside, absence, presence, gravity, pulse, heartbeat, echo, echoes, whisper,
whispers, scream, screams, cry, laughter, laugh, sigh, kiss, kisses, hug, touch, gaze, look, stare, glance"""
)
QUALITIES = listed(
    """beautiful, lonely, lonesome, empty, full, soft, hard, warm, cold, cool, hot, wet, dry, loud, quiet, silent,
slow, fast, quick, happy, sad, angry, tired, sleepy, wild, free, lost, broken, gentle, sweet, bitter, bright,
dark, dim, pale, light, heavy, deep, shallow, high, low, long, short, wide, narrow, thin, thick, round,
square, flat, sharp, smooth, rough, clean, dirty, new, old-fashioned, modern, ancient, rusty, rusted, dusty,
foggy, misty, wooden, stone, metal, glass, plastic, paper, cloth, velvet, silk, leather, woollen, wool, linen,
iron, steel, marble, concrete, brick, crystal, neon, electric, cosmic, magical, mysterious, strange, weird,
surreal, haunted, eerie, spooky, creepy, distant, faraway, far, near, hidden, secret, forbidden, sacred, holy,
abandoned, forgotten, deserted, crowded, busy, sleepless, restless, endless, infinite, eternal, last, first,
final, only, single, lone, solitary, double, triple, half, whole, entire, former, burning, glowing, shining,
floating, falling, sleeping, spinning, crumbling, shimmering, flickering, blinking, drifting, rising, setting,
melting, frozen, flooded, sunken, ruined, shattered, cracked, torn, faded, worn, crooked, overgrown, mossy,
rocky, sandy, muddy, snowy-white, grassy, leafy, floral, colourful, colorful, monochrome, vivid, pastel, dull,
shiny, matte, transparent, translucent, opaque, blurry, clear, hazy, crisp, fresh, stale, rotten, ripe, raw,
bare, naked, barefoot, dressed, elegant, chic, fancy, poor, rich, wealthy, humble, proud, brave, shy, timid,
cruel, kind, evil, good, bad, great, best, better, worst, nice, fine, pretty, ugly, cute, lovely, charming,
handsome, gorgeous, stunning, epic, dramatic, romantic, tragic, comic, funny, silly, serious, playful, mad,
crazy, insane, drunk, sober, dead, alive, living, dying, injured, wounded, sick, healthy, blind, deaf, mute,
pregnant, married, divorced, single-minded, famous, unknown, familiar, foreign, local, global, urban, rural,
industrial, royal, noble, common, ordinary, special, perfect, imperfect, dreamy, dreamlike, hypnotic,
euphoric, melancholic, nostalgic, intimate, tender, gritty, harsh, violent, peaceful, serene, tranquil,
stormy-eyed, windy, windswept, wind-blown, rainswept, open, closed, shut, locked, lit, unlit, backlit,
candlelit, sunlit-warm, reversed, upside, inverted, mirrored, symmetrical, handheld, slow-mo, timelapse,
timeless, american, english, british, french, german, italian, spanish, irish, scottish, japanese, chinese,
korean, mexican, african, arctic-cold, medieval, victorian, gothic, baroque, viking-age, futuristic,
post-apocalyptic, apocalyptic, dystopian, utopian, retro-style, black-and-white, sepia, grainy, main,
big-city, tiny-town, ill, seasoned, homeless, jobless, motionless, speechless, breathless, careless, helpless,
fearless, ageless, seamless, weary, dizzy, hungry, thirsty, curious, jealous, nervous, anxious, afraid,
scared, excited, bored, calm, gloomy, cheerful, joyful, bittersweet, tearful, whole-hearted, faithful, loyal,
true, false, real, fake, wise, foolish, clever, smart, stupid, lucky, unlucky, magic, tropical, exotic,
wintry, autumnal, vernal, nightly, daily, weekly, morning, different, similar, equal, various, several, many,
few, much, little, less, least, enough, extra, certain, possible, impossible, sure, ready, late, early,
sudden, constant, steady, rhythmic, psychedelic, kaleidoscopic, geometric, fractal, liquid, molten,
metallic-look, digital, analog, analogue, virtual, robotic, mechanical, nuclear, radioactive, toxic, solar,
lunar, stellar, celestial, heavenly, divine, demonic, hellish, infernal, spiritual, emotional, physical,
mental, human, inhuman, nocturnal-mood, spectral, ghostly, oversized, underground-style, mainstream, indie,
alternative, classic, classical, traditional, unique, rare, typical, simple, complex, complicated, easy,
difficult, cheeky, fragile, rugged, steep, winding, curved, straight-line, twisted, tangled, knotted, woven, knitted,
embroidered, painted, carved, sculpted, stacked, scattered, lined, covered, filled, surrounded, wrapped,
bathed, drenched, soaked, bathed-in, weathered-wood, creaky, creaking, squeaky, noisy, musical, acoustic,
unplugged, grand, petite, mighty, tough"""
)
IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "feet": "foot", "mice": "mouse", "geese": "goose",
    "wolves": "wolf", "leaves": "leaf", "knives": "knife", "wives": "wife", "lives": "life", "thieves": "thief",
    "elves": "elf", "dwarves": "dwarf", "oxen": "ox", "fishermen": "fisherman", "policemen": "policeman",
    "firemen": "fireman", "cacti": "cactus", "shelves": "shelf", "loaves": "loaf", "calves": "calf", "halves": "half",
    "scarves": "scarf", "wharves": "wharf", "hooves": "hoof", "people": "people", "geisha": "geisha",
    "businessmen": "businessman", "snowmen": "snowman", "spacemen": "spaceman", "gentlemen": "gentleman",
    "cowboys": "cowboy", "astronauts": "astronaut", "teeth": "tooth", "brethren": "brother", "horsemen": "horseman",
    "seamen": "seaman", "postmen": "postman", "lumberjacks": "lumberjack", "buses": "bus", "roses": "rose",
}  # fmt: skip
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "twenty": 20, "hundred": 40, "hundreds": 40, "thousand": 60, "thousands": 60,
    "million": 60, "millions": 60, "several": 4, "many": 8, "both": 2, "few": 3, "some": 3, "countless": 20,
    "dozen": 12, "dozens": 20, "endless": 12, "single": 1, "lone": 1, "another": 1, "couple": 2, "pair": 2,
    "swarm": 12, "flock": 9, "herd": 8, "pack": 5, "bunch": 5, "row": 5, "rows": 8, "field": 20, "sea": 30,
    "school": 9, "shoal": 9, "trio": 3, "bouquet": 7, "string": 6, "line": 5, "handful": 5, "pile": 6, "stack": 5,
    "half": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "10": 10, "12": 12, "99": 30, "100": 40,
    "1000": 60, "quartet": 4, "wall": 6, "crowd": 12,
}  # fmt: skip
MOST = 60
"""The largest number that a picture counts to."""

GROUPS = listed(
    """wall, couple, pair, swarm, flock, herd, pack, bunch, row, rows, field, sea, school, shoal, bouquet, string, line,
handful, pile, stack, dozen, dozens, hundreds, thousands, millions, trio, lots, group, crowd"""
)
"""Group words: “a flock of birds” is nine birds."""
ENDINGS = (
    "ly", "ing", "ed", "ness", "less", "ful", "ish", "ous", "ive", "able", "ible", "tic", "ity", "tion", "sion", "ment",
    "ance", "ence", "ship", "hood", "dom", "ism",
)  # fmt: skip
"""Endings of words that are no nouns for things."""
