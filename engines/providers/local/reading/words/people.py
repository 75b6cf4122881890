"""Words for people: nouns with what they say about sex and age, professions with their clothes, kin, and names."""

from engines.providers.local.reading.looks import Age, Garment, Headgear, Kind, Sex
from engines.providers.local.reading.words.listing import listed

PLAIN: dict[tuple[Age, Sex], str] = {
    ("", ""): "person,figure,stranger,someone,somebody,silhouette,wanderer,traveller,traveler,dreamer,walker,"
    "passer by,passerby,lover,friend,neighbour,neighbor,partner,hero,survivor,drifter,protagonist,companion,performer,"
    "artist,musician,singer,rapper,poet,writer,rival,thief,hitchhiker,guest,character,spouse,leader,ancestor,passenger,"
    "twin,outsider,stranger in town,refugee,shadow figure,loner,gambler,runner,dancer,driver,commuter,tourist,"
    "pedestrian,spectator,vagabond,beggar,tramp,hobo,villager,killer,criminal,spy,victim,citizen,soul,narrator,rebel,hacker,"
    "addict,celebrity,pilgrim,servant,slave,giant,dwarf,vampire,villain,barfly,drunk,drunkard,mourner,swimmer,sleeper,"
    "storyteller,busker,street musician,vocalist,frontman,songwriter,adventurer,explorer,orphan adult,rider,cyclist",
    ("adult", "male"): "man,guy,husband,father,dad,gentleman,bloke,fellow,brother,uncle,gangster,dude,papa,boyfriend,"
    "daddy,sir,lad grown,bachelor,widower,lumberjack,woodcutter,dockworker,gunslinger,bouncer,fiddler man,chap,male",
    (
        "adult",
        "female",
    ): "woman,lady,wife,mother,mum,mom,sister,aunt,girlfriend,mama,heroine,diva,housewife,widow,mommy,"
    "mummy,female,lass grown,femme fatale,dame,actress",
    (
        "old",
        "male",
    ): "old man,grandfather,grandpa,granddad,grandad,elderly man,old sailor man,elder,old gentleman,hermit,"
    "grandfathers,old guy,greybeard",
    ("old", "female"): "old woman,grandmother,grandma,granny,nana,old lady,elderly woman,crone,babushka,hag",
    ("old", ""): "pensioner,senior,veteran,oldtimer,old timer,grandparent",
    ("young", "male"): "young man,lad,youth,prince charming,young guy,groomsman,youngster",
    ("young", "female"): "young woman,lass,maiden,young lady,damsel,bridesmaid",
    ("young", ""): "youngster,lovebird",
    ("teen", "male"): "teenage boy,schoolboy grown",
    ("teen", "female"): "teenage girl",
    ("teen", ""): "teenager,teen,adolescent,skater kid,student,punk,goth,skater,skateboarder,raver,youths",
    ("child", "male"): "boy,little boy,son,schoolboy,grandson,kid brother,nephew,little brother,newsboy,choirboy,boys",
    ("child", "female"): "girl,little girl,daughter,schoolgirl,granddaughter,niece,little sister,grand daughter",
    ("child", ""): "child,kid,baby,toddler,infant,children,newborn,grandchild,pupil,orphan,youngest,kids,little one,"
    "schoolchild,school child,street urchin,urchin,toddlers,offspring",
}
"""`girl` and `boy` alone are teenagers, little ones are children: see `persons.take_person`."""

KIN = listed(
    """wife, husband, son, daughter, granddaughter, grandson, grandchild, mother, father, sister, brother,
grandmother, grandfather, friend, lover, twin, child, baby, girlfriend, boyfriend, aunt, uncle, niece, nephew,
partner, rival, mum, mom, dad, companion, grandma, grandpa, neighbour, neighbor, kid, mate, spouse, fiance,
fiancée, bride, cousin, teacher, boss, stranger"""
)
"""After “his”, “her” or a name these are further people."""

PAIRS = frozenset(
    {"couple", "lovers", "pair", "duo", "twins", "lovebirds", "newlyweds", "siblings", "parents", "sweethearts"}
)
GROUPS: dict[str, int] = {
    **dict.fromkeys(PAIRS, 2),
    "children": 2, "kids": 2, "boys": 2, "toddlers": 2, "youths": 2, "grandfathers": 2,
    "band": 4, "rock band": 4, "marching band": 5, "brass band": 5, "choir": 5, "orchestra": 5, "ensemble": 4,
    "team": 4, "gang": 4, "family": 4, "squad": 4, "crew": 4, "troupe": 4,
}  # fmt: skip
"""Nouns for several people who are seen as persons, and how many a picture shows."""

CROWDS = listed(
    """crowd, people, audience, fans, protesters, mob, shoppers, congregation, army, protest, demonstration, parade,
revellers, partygoers, everyone, everybody, troop, tribe, families, procession, group, rally, queue, society, public,
bystanders, onlookers, moshpit, mosh pit, riot, masses, festival crowd, crowds, gathering, humans"""
)
"""Many people: without a number they fill the picture."""

ROLES: dict[
    str, tuple[Sex, Age, Kind, tuple[tuple[Garment, str], ...], tuple[Headgear, str] | None, tuple[str, ...]]
] = {
    "fisherman,angler": ("male", "", "person", (("sweater", "dark blue"), ("boots", "")), ("beanie", ""), ()),
    "sailor,seaman,mariner,deckhand,skipper": (
        "male", "", "person", (("uniform", "dark blue"),), ("cap", "white"), ()),
    "captain,sea captain": ("male", "", "person", (("coat", "dark blue"),), ("cap", "white"), ()),
    "pirate,buccaneer": ("", "", "person", (("coat", "dark red"), ("boots", "")), ("hat", "black"), ()),
    "king,emperor,tsar": ("male", "", "person", (("robe", "red"),), ("crown", "gold"), ()),
    "queen,empress": ("female", "", "person", (("dress", "red"),), ("crown", "gold"), ()),
    "prince": ("male", "young", "person", (("cloak", "blue"),), ("crown", "gold"), ()),
    "princess": ("female", "young", "person", (("dress", "pink"),), ("crown", "gold"), ()),
    "knight,crusader,paladin": ("", "", "person", (("armour", "silver"),), ("helmet", "silver"), ()),
    "warrior,viking,gladiator,barbarian,shieldmaiden,valkyrie,amazon,spartan": (
        "", "", "person", (("armour", "brown"), ("boots", "")), ("helmet", "grey"), ()),
    "samurai,ronin": ("male", "", "person", (("armour", "dark red"),), ("helmet", "black"), ()),
    "ninja,assassin": ("", "", "person", (("robe", "black"),), ("hood", "black"), ()),
    "soldier,trooper,army man,infantryman,marine,sergeant,general,guard": (
        "", "", "person", (("uniform", "olive"), ("boots", "black")), ("helmet", "olive"), ()),
    "policeman,police officer,cop,officer,sheriff,constable,policewoman": (
        "", "", "person", (("uniform", "dark blue"),), ("cap", "dark blue"), ()),
    "fireman,firefighter,firewoman": ("", "", "person", (("uniform", "yellow"),), ("helmet", "red"), ()),
    "nurse": ("female", "", "person", (("uniform", "white"),), ("cap", "white"), ()),
    "doctor,surgeon,scientist,professor,chemist,inventor,researcher,physicist,astronomer": (
        "", "", "person", (("coat", "white"),), None, ()),
    "detective,private eye,inspector,investigator,sleuth,secret agent": (
        "", "", "person", (("coat", "beige"),), ("hat", "grey"), ()),
    "businessman,businesswoman,banker,office worker,manager,lawyer,politician,salesman,clerk,president,boss,agent,"
    "accountant,groom,bridegroom,butler,usher,mobster,undertaker,journalist,conductor": (
        "", "", "person", (("suit", "black"), ("tie", "")), None, ()),
    "bride": ("female", "young", "person", (("wedding dress", "white"),), ("veil", "white"), ()),
    "priest,pastor,preacher,vicar,bishop,pope,reverend": ("male", "", "person", (("robe", "black"),), None, ()),
    "nun": ("female", "", "person", (("robe", "black"),), ("veil", "black"), ()),
    "monk,friar,druid,prophet,shaman": ("male", "", "person", (("robe", "brown"),), ("hood", "brown"), ()),
    "wizard,sorcerer,mage,magician,merlin": ("male", "old", "person", (("robe", "blue"),), ("witch hat", "blue"), ()),
    "witch,sorceress,enchantress": ("female", "", "person", (("robe", "black"),), ("witch hat", "black"), ()),
    "cowboy,outlaw,rancher,bandit,gunslinger": ("male", "", "person", (("vest", "brown"), ("boots", "brown")),
                                  ("cowboy hat", "brown"), ()),
    "cowgirl": ("female", "", "person", (("vest", "brown"), ("boots", "brown")), ("cowboy hat", "brown"), ()),
    "farmer,gardener,scarecrow man,peasant,fruit picker,farmhand": (
        "", "", "person", (("overalls", "blue"), ("boots", "")), ("straw hat", "yellow"), ()),
    "farm girl,milkmaid": ("female", "young", "person", (("dress", "blue"), ("apron", "white")), None, ()),
    "shepherd,goatherd": ("male", "", "person", (("cloak", "brown"),), ("hat", "brown"), ()),
    "chef,cook": ("", "", "person", (("uniform", "white"), ("apron", "dark blue")), ("chef's hat", "white"), ()),
    "baker,pastry chef": ("", "", "person", (("shirt", "light blue"), ("trousers", "grey"), ("apron", "white")),
                          ("chef's hat", "white"), ()),
    "waiter,bartender,barkeeper,barman": ("male", "", "person", (("shirt", "white"), ("vest", "black")), None, ()),
    "waitress,barmaid": ("female", "", "person", (("dress", "light blue"), ("apron", "white")), None, ()),
    "blacksmith,carpenter,welder,smith,cobbler,shoemaker,potter,tailor,clockmaker,watchmaker,toymaker,luthier,barber,"
    "craftsman,butcher,painter,sculptor,puppeteer,barista": ("", "", "person", (("apron", "brown"),), None, ()),
    "miner,coal miner,worker,factory worker,steelworker,builder,labourer,laborer,construction worker,engineer,mechanic,"
    "docker,trucker,plumber,electrician,lighthouse keeper,welders,foreman,factory girl,janitor": (
        "", "", "person", (("overalls", "blue"), ("boots", "")), ("cap", ""), ()),
    "astronaut,cosmonaut,spaceman,spacewoman": (
        "", "", "astronaut", (("spacesuit", "white"),), ("helmet", "white"), ()),
    "diver,scuba diver,deep sea diver": ("", "", "astronaut", (("spacesuit", "black"),), ("helmet", ""), ()),
    "pilot,aviator,aviatrix,airman": ("", "", "person", (("leather jacket", "brown"),), ("cap", "brown"), ()),
    "robot,android,cyborg,automaton,droid,humanoid,machine man,replicant,mech": ("", "", "android", (), None, ()),
    "ghost,spirit,phantom,spectre,apparition,spook,wraith": ("", "", "ghost", (), None, ()),
    "angel,fairy,cherub,seraph,pixie,guardian angel,faerie": (
        "", "", "angel", (("dress", "white"), ("wings", "white")), None, ()),
    "skeleton,death,grim reaper,reaper": ("", "", "skeleton", (("cloak", "black"),), ("hood", "black"), ()),
    "mermaid,siren": ("female", "young", "mermaid", (), None, ()),
    "monster,zombie,demon,devil,troll,goblin,orc,ogre,golem,alien,beast,creature,yeti,vampire lord,imp,satan,mutant,"
    "martian,gnome,kobold,werewolf man": ("", "", "monster", (), None, ()),
    "elf,hobbit,dwarf,leprechaun": ("", "", "person", (("cloak", "green"),), ("hood", "green"), ()),
    "superhero,superman,batman,superwoman": ("", "", "person", (("cloak", "red"), ("swimsuit", "blue")), None, ()),
    "ballerina,ballet dancer": ("female", "young", "person", (("dress", "white"),), None, ()),
    "boxer,prizefighter,fighter,wrestler": ("", "", "person", (("shorts", "red"), ("gloves", "red")), None, ()),
    "athlete,sprinter,footballer,basketball player,goalkeeper,football player,jogger,soccer player": (
        "", "", "person", (("t-shirt", "red"), ("shorts", "white")), None, ()),
    "surfer,lifeguard": ("", "young", "person", (("swimsuit", ""),), None, ()),
    "skier,mountaineer,climber,hiker,camper,backpacker,snowboarder,polar explorer": (
        "", "", "person", (("jacket", "red"), ("boots", "")), ("beanie", ""), ()),
    "biker,motorcyclist,rocker,metalhead": (
        "", "", "person", (("leather jacket", "black"), ("boots", "black")), None, ()),
    "racer,racing driver,race driver": ("", "", "person", (("overalls", "red"),), ("helmet", "red"), ()),
    "courier,postman,mailman,messenger,bus driver,taxi driver,cab driver,train driver,station master,postwoman": (
        "", "", "person", (("uniform", "blue"),), ("cap", "blue"), ()),
    "clown,jester,harlequin,pierrot,mime,acrobat,juggler,trapeze artist": (
        "", "", "person", (("overalls", "red"),), ("hat", "yellow"), ()),
    "prisoner,convict,inmate": ("", "", "person", (("overalls", "orange"),), None, ()),
    "geisha,kimono girl": ("female", "young", "person", (("kimono", "red"),), None, ()),
    "nomad,bedouin": ("", "", "person", (("robe", "beige"),), ("turban", "white"), ()),
    "hunter,ranger,archer,robin hood,scout,gamekeeper": (
        "", "", "person", (("jacket", "dark green"), ("boots", "")), ("hat", "dark green"), ()),
    "santa,santa claus,father christmas": ("male", "old", "person", (("coat", "red"), ("boots", "black")),
                                           ("beanie", "red"), ()),
    "graduate": ("", "young", "person", (("robe", "black"),), ("hat", "black"), ()),
    "teacher,librarian,schoolteacher,tutor": ("", "", "person", (("sweater", ""), ("shirt", "white")), None, ()),
    "guitarist,guitar player,bassist,bass player,troubadour,minstrel,bard,banjo player,lutenist,"
    "folk singer,cantautor": (
        "", "", "person", (), None, ("guitar",)),
    "violinist,fiddler,violin player,cellist,violist,bassist double": ("", "", "person", (), None, ("violin",)),
    "trumpeter,trumpet player,saxophonist,saxophone player,flautist,flutist,clarinettist,piper,bagpiper,horn player,"
    "trombonist,sax player,flute player": ("", "", "person", (), None, ("trumpet",)),
    "accordionist,accordion player,organ grinder": ("", "", "person", (), None, ("accordion",)),
    "pianist,piano player,organist,keyboarder,keyboardist,piano man": ("", "", "person", (), None, ("piano",)),
    "drummer,percussionist,drum player": ("", "", "person", (), None, ("drums",)),
    "dj,disc jockey,deejay": ("", "", "person", (), None, ("record",)),
    "photographer,cameraman,filmmaker,film director": ("", "", "person", (), None, ("camera",)),
    "juggler man": ("", "", "person", (), None, ("ball",)),
    "lamplighter": ("male", "", "person", (("coat", "black"),), ("hat", "black"), ("lantern",)),
}  # fmt: skip
"""Professions and beings: sex, age, kind, clothes, headgear, what is in the hands; only where nothing else is said."""

FEMALE_NAMES = listed(
    """anna, emma, maria, mary, marie, sara, sarah, lucy, lucia, julia, julie, laura, lena, lisa, mara, mia, nora,
olivia, sophia, sophie, clara, alice, ella, ellie, eva, eve, grace, hannah, ida, irene, jane, jenny, joan,
kate, katie, katherine, layla, leila, lily, lola, luna, maggie, margaret, martha, maya, molly, nadia, nina,
nancy, paula, rachel, rosa, rosie, ruby, ruth, sally, sandra, sofia, stella, susan, suzanne, tara, tessa,
valerie, vera, victoria, yara, zoe, zara, agnes, amelia, amy, angela, annie, beatrice, bella, betty, billie,
bonnie, carla, carmen, caroline, charlotte, chloe, daisy-may, diana, dolores, edith, eleanor, elena, elisa,
elise, elizabeth, emily, erika, esther, fatima, fiona, flora, frida, gloria, greta, heidi, helen, helena,
ingrid, isabel, isabella, ivy, jasmin, jolene, josephine, juliet, karin, kira, lara, linda, louise, mei,
miriam, mona, nadine, natalie, natasha, olga, penelope, petra, rebecca, rita, roxanne, sabrina, selma, tina,
ursula, yoko, yuki, aisha, amara, ines, imani, marta, magda, freya"""
)
MALE_NAMES = listed(
    """john, johnny, jack, james, jim, jimmy, joe, joseph, tom, thomas, tommy, peter, paul, pedro, pablo, max, leo,
luke, lukas, lucas, mark, marco, martin, michael, mike, mikey, nick, noah, oliver, oscar, otto, omar, karl,
carl, carlos, charlie, charles, chris, daniel, danny, dave, david, diego, eddie, edward, elias, eric, erik,
felix, finn, frank, fred, george, hans, harry, henry, hugo, ivan, isaac, jacob, jakob, jan, jonas, jonathan,
juan, julian, kevin, kurt, lars, larry, lenny, liam, louis, luis, matteo, milo, mohammed, ali, ahmed, nils,
olaf, olivier, patrick, ravi, ray, richard, rico, rob, robert, robin-lad, romeo, sam, samuel, simon, stefan,
steve, stephen, theo, tim, tony, vincent, victor, viktor, walter, will, william, willie, yusuf, adam, albert,
alexander, alfred, andrew, anton, arthur, ben, benjamin, bill, billy, bob, bobby, boris, bruno, caleb, cole,
connor, dmitri, elijah, enzo, ernest, ethan, gabriel, giovanni, gustav, hector, igor, jamal, jesse, kai,
kenji, klaus, lorenzo, marcus, mateo, miguel, nathan, nikolai, pierre, raj, ricardo, rudolf, santiago,
sebastian, tariq, tobias, winston, yuri, amir, kofi, kwame, hiro, elvis, angus, hamish, seamus, padraig"""
)
