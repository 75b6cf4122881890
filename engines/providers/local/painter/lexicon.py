"""The words the painter knows. Longer phrases win over shorter ones, earlier ones over later ones."""

from typing import Literal

Place = Literal[
    "street", "skyline", "rooftop", "desert", "mountains", "forest", "sea", "bridge", "tunnel", "room", "club",
    "stage", "road", "ruins", "space", "snow", "field", "garden", "hall", "underwater", "river",
]  # fmt: skip
Time = Literal["dawn", "day", "golden", "dusk", "night"]
Weather = Literal["clear", "clouds", "rain", "snow", "fog", "storm", "dust"]
Pose = Literal["stand", "walk", "run", "dance", "arms", "sit", "lean"]
Kind = Literal["person", "android", "astronaut", "animal", "bird"]
Thing = Literal[
    "car", "moon", "sun", "birds", "balloons", "lanterns", "flowers", "mirror ball", "sign", "umbrella",
    "boat", "palms", "butterflies", "guitar", "microphone", "eye", "planet",
    "tree", "fireworks", "record", "heart", "rain drops",
]  # fmt: skip

PLACES: dict[Place, str] = {
    "street": "street,alley,avenue,boulevard,crosswalk,sidewalk,downtown,market,chinatown,city,urban,town,district,"
    "metropolis,megacity,neighborhood,intersection,diner,gas station,parking,shop,bar,arcade,backstreet,plaza,square",
    "skyline": "skyline,cityscape,skyscrapers,towers,horizon of towers,city lights,high-rise,overlook,city below",
    "rooftop": "rooftop,roof,balcony,ledge,terrace,fire escape,helipad",
    "desert": "desert,dunes,dune,sand,sahara,canyon,mesa,wasteland,badlands,salt flat,dry lake,oasis,outback,mars",
    "mountains": "mountain,mountains,peak,peaks,ridge,summit,cliff,cliffs,alps,valley,highland,volcano,hilltop",
    "forest": "forest,woods,woodland,jungle,trees,grove,pines,bamboo,rainforest,thicket,wood",
    "sea": "sea,ocean,beach,shore,coast,waves,surf,harbor,harbour,pier,island,lighthouse,seaside,bay,tide,lagoon",
    "river": "lake,river,pond,waterfall,canal,swamp,marsh,stream",
    "bridge": "bridge,overpass,viaduct,footbridge",
    "tunnel": "tunnel,corridor,subway,metro,underpass,hallway,underground,station,elevator,spaceship,bunker,vault,"
    "laboratory,lab,server room,passage",
    "room": "room,bedroom,apartment,kitchen,interior,office,motel,hotel,house,home,studio,loft,bathroom,attic,bed,"
    "living room,window seat,cabin,workshop,classroom,cafe",
    "club": "club,nightclub,dance floor,dancefloor,disco,party,rave,bar stage",
    "stage": "stage,concert,spotlight,festival,arena,theater,theatre,stadium,performance,crowd show,audience",
    "road": "road,highway,freeway,route,motorway,racetrack,speedway,runway,railway,train tracks,open road,path",
    "ruins": "ruins,ruined,rubble,abandoned,collapsed,debris,overgrown city,shattered city,crumbling,junkyard,"
    "fallen city,temple,wreckage",
    "space": "space,galaxy,cosmos,orbit,planet,nebula,stars,universe,moonscape,asteroid,lunar,cosmic,void,starfield",
    "snow": "snowfield,snowy,tundra,glacier,ice,frozen,arctic,winter landscape,iceberg,snowbound",
    "field": "field,meadow,prairie,hills,hill,grassland,farm,farmland,wheat,plain,plains,countryside,savanna,steppe,"
    "playground,golf,park",
    "garden": "garden,greenhouse,blossom,orchard,roses,flower field,sunflowers,lavender,tulips,courtyard",
    "hall": "hall,church,cathedral,museum,palace,castle,ballroom,library,mansion,gallery,chapel,colonnade,atrium,mall",
    "underwater": "underwater,deep sea,reef,coral,beneath the waves,submerged,aquarium,ocean floor",
}
TIMES: dict[Time, str] = {
    "dawn": "dawn,sunrise,morning,first light,daybreak",
    "day": "day,noon,midday,daylight,afternoon,sunny,bright sun,blue sky,daytime",
    "golden": "golden hour,sunset,golden,low sun,amber light,late afternoon,evening sun,magic hour",
    "dusk": "dusk,twilight,blue hour,evening,nightfall,gloaming",
    "night": "night,midnight,nocturnal,moonlit,moonlight,starlit,after dark,neon,dark",
}
WEATHERS: dict[Weather, str] = {
    "clear": "clear,cloudless,dry,crisp",
    "clouds": "clouds,cloudy,overcast,grey sky,gray sky,broken cloud,towering clouds",
    "rain": "rain,rainy,raining,wet,drizzle,downpour,puddles,puddle,rain-slick,rain-soaked,damp",
    "snow": "snow,snowing,snowfall,blizzard,flurries,snowflakes",
    "fog": "fog,foggy,mist,misty,haze,hazy,smoke,smoky,steam,steamy",
    "storm": "storm,stormy,lightning,thunder,tempest,thunderstorm",
    "dust": "dust,dusty,sandstorm,ash,ashes,embers,sand in the air",
}
KINDS: dict[Kind, str] = {
    "person": "person,man,woman,girl,boy,dancer,singer,figure,artist,lover,stranger,child,musician,protagonist,hero,"
    "heroine,rapper,driver,detective,runner,traveler,traveller,walker,someone,people,couple,lovers,friends,crowd,band,"
    "performer,character,warrior,queen,king,samurai,boxer,skater,wanderer,cowboy,survivor,kid,dreamer,guitarist,"
    "he,she,they,pair,two figures,silhouette,her,him,rider,ballerina,monk,knight,surfer,hitchhiker,drifter,courier",
    "android": "android,cyborg,robot,machine,humanoid,droid,automaton,synthetic,mech,replicant",
    "astronaut": "astronaut,spaceman,cosmonaut,diver,pilot,space suit,spacesuit",
    "animal": "wolf,dog,horse,cat,fox,lion,deer,stag,tiger,animal,creature,panther,bear,coyote",
    "bird": "eagle,owl,raven,crow,swan,phoenix,hawk,dragon",
}
POSES: dict[Pose, str] = {
    "walk": "walk,walks,walking,strolling,wandering,wanders,crossing,crosses,strides,striding,steps,approaches,leaves",
    "run": "run,runs,running,sprint,sprinting,sprints,chase,chasing,fleeing,racing,rushing,escapes,jumping,leaps",
    "dance": "dance,dances,dancing,dancer,spinning,spins,moves to the beat,swaying,sways,twirling,twirls,groove",
    "arms": "arms raised,raises arms,hands up,arms wide,arms open,celebrating,triumphant,reaching,reaches,cheering,"
    "arms out,lifts,raises,singing,sings,performs,arms outstretched,praying,screaming",
    "sit": "sit,sits,sitting,seated,crouching,kneeling,kneels,perched,resting,crouches,squatting",
    "lean": "lean,leans,leaning,waiting,waits,smoking,looking back,hands in pockets,slouching",
    "stand": "stand,stands,standing,watching,watches,looking,looks,gazing,gazes,facing,still,staring,stares,poses",
}
THINGS: dict[Thing, str] = {
    "car": "car,cars,sedan,truck,taxi,convertible,headlights,tail lights,vehicle,sports car,motorbike,motorcycle",
    "moon": "moon,moonlit,moonlight,full moon,crescent",
    "sun": "sun,sunlight,sunset,sunrise,sunbeam,sunlit",
    "birds": "birds,gulls,seagulls,doves,flock,crows,ravens,pigeons",
    "balloons": "balloons,balloon,hot air balloon",
    "lanterns": "lanterns,lantern,paper lanterns,candles,fairy lights,string lights",
    "flowers": "flowers,flower,roses,rose,petals,blossom,blossoms,sunflowers,poppies,tulips,lavender,bouquet",
    "mirror ball": "mirror ball,disco ball,glitter ball",
    "sign": "neon sign,neon signs,sign,signs,billboard,billboards,neon,signage",
    "umbrella": "umbrella,parasol",
    "boat": "boat,ship,sail,sailboat,yacht,rowboat,ferry",
    "palms": "palm,palms,palm trees,palm tree",
    "butterflies": "butterflies,butterfly,moths,fireflies,moth",
    "guitar": "guitar,bass guitar,violin,instrument",
    "microphone": "microphone,mic",
    "eye": "eye,eyes,iris,pupil,tear",
    "planet": "planet,planets,saturn,ringed planet",
    "tree": "tree,oak,lone tree,dead tree,willow",
    "fireworks": "fireworks,sparks,confetti,sparklers",
    "record": "record,vinyl,turntable,cassette",
    "heart": "heart,valentine,love",
    "rain drops": "raindrops,droplets,drops,ripples,drop,water dripping,dripping",
}
MANY = frozenset(
    {"crowd", "crowds", "people", "audience", "dancers", "friends", "band", "party", "festival", "fans", "survivors"}
)
TWO = frozenset({"couple", "lovers", "pair", "duo", "twins"})
