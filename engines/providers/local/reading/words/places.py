"""Words for places, and things that make a place what it is."""

from engines.providers.local.reading.places import Place
from engines.providers.local.reading.things import Thing

PLACES: dict[Place, str] = {
    "street": "street,alley,avenue,boulevard,crosswalk,sidewalk,pavement,downtown,chinatown,city,urban,town,district,"
    "metropolis,megacity,neighborhood,neighbourhood,intersection,crossroads,parking lot,car park,shop,backstreet,"
    "plaza,square,side street,back alley,alleyway,suburb,ghetto,block,corner,street corner,city street,main street,"
    "high street,favela,slum,construction site,bus stop,tokyo,new york,paris,london,berlin,los angeles,seoul,"
    "hong kong,shanghai,mumbai,lagos,cairo,istanbul,havana,mexico city,rio,chicago,detroit,miami,brooklyn,las vegas,"
    "vienna,prague,madrid,rome,lisbon,dublin,glasgow,manchester,harlem,boston,moscow,naples,barcelona,amsterdam,"
    "venice,marseille,hamburg,liverpool,bronx,compton,supermarket,department store,sidewalks,parking garage,gutter,"
    "curb,kerb,estate,council estate,skate park,skatepark,basketball court,boulevards,capital,promenade,bus station,"
    "inner city",
    "village": "village,hamlet,village street,village square,cobbled street,cobblestones,cobbled lane,small town,"
    "old town,fishing village,country town,thatched cottages,cobblestone street,cobblestone,little town,hometown",
    "skyline": "skyline,cityscape,skyscrapers,city lights,high rises,city below,overlook,horizon of towers,"
    "lights of the city,glass towers,manhattan,tower blocks,towers of glass",
    "rooftop": "rooftop,roof,balcony,ledge,terrace,helipad,roof top,rooftops,roofs,flat roof,parapet",
    "market": "market,bazaar,souk,market square,flea market,market stall,night market,fish market,market hall,"
    "christmas market,street market,marketplace",
    "harbour": "harbour,harbor,port,marina,docks,fishing harbour,docklands,shipyard,dockside,waterfront,quayside",
    "beach": "beach,shore,seashore,coast,sand,seaside,sandbank,dunes by the sea,bay,shoreline,lagoon,island,"
    "desert island,strand,cove,tropical island,coastline,riviera",
    "sea": "sea,ocean,open sea,open water,high seas,atlantic,pacific,mediterranean,north sea,tide,deep water,"
    "middle of the ocean,salt water,seven seas,gulf,fjord",
    "cliff": "cliff,clifftop,cliff top,cliff edge,headland,sea cliff,rocky coast,rocky shore,precipice,white cliffs,"
    "cliffs,brink,cliffside,promontory",
    "river": "river,lake,pond,waterfall,canal,swamp,marsh,stream,riverbank,river bank,lakeside,brook,creek,"
    "mississippi,seine,bayou,riverside,lakeshore,loch,spring water,thames,danube,mill pond,puddle of water,wetland,"
    "moor,bog",
    "bridge": "bridge,overpass,viaduct,footbridge,suspension bridge,railway bridge,drawbridge,golden gate",
    "underwater": "underwater,under water,deep sea,reef,coral reef,coral,beneath the waves,sea floor,ocean floor,"
    "seabed,under the sea,bottom of the sea,submerged,aquarium,sunken ship,sunken city,below the surface,atlantis,"
    "bottom of the ocean,beneath the sea,depths of the sea",
    "kitchen": "kitchen,dining room,kitchenette,bakery,galley",
    "bedroom": "bedroom,bed room,childhood room,nursery,hotel room,motel room,hospital room,hospital bed,cell,"
    "prison cell,dormitory,ward,hospital,her room,his room,my room,prison,jail,children's room,childrens room",
    "room": "room,living room,apartment,interior,office,attic,loft,bathroom,parlour,parlor,lounge,cellar,basement,"
    "studio,flat,waiting room,dressing room,at home,in her home,in his home,my home,her home,hotel,home studio,"
    "sitting room,penthouse,window seat,elevator,fireside,recording studio,bathtub,laundromat,barber shop,barbershop,"
    "tattoo parlour,den,front room,empty house,inside the house,hotel lobby,lobby,salon",
    "workshop": "workshop,studio of a painter,atelier,garage,forge,smithy,laboratory,lab,toolshed,boatyard,"
    "artist's studio,tailor's shop,clockmaker's shop,watchmaker's shop,print shop,pottery",
    "school": "school,classroom,schoolyard,school corridor,university,lecture hall,high school,schoolroom,college,"
    "gymnasium,school hall,gym,locker room",
    "hall": "hall,museum,palace,ballroom,library,gallery,colonnade,atrium,mall,shopping mall,theatre hall,opera,"
    "opera house,courtroom,throne room,great hall,town hall,concert hall,dance hall,airport,terminal building,"
    "station hall,casino,cinema,movie theater,movie theatre,foyer,boxing ring,"
    "arena hall",
    "church": "church,cathedral,chapel,abbey,monastery,temple,mosque,synagogue,crypt,convent,wedding chapel,nave,"
    "shrine,pagoda,sanctuary,confessional,cloister",
    "castle": "castle,fortress,citadel,keep,fort,castle wall,battlement,kingdom,court of the king,dungeon,moat,"
    "castle tower,medieval castle",
    "factory": "factory,steelworks,steel mill,foundry,warehouse,power plant,power station,assembly line,refinery,"
    "mill hall,hangar,industrial,mine,coal mine,slaughterhouse,shipyard hall,machine hall,industrial hall,colliery,"
    "server room,bunker",
    "bar": "bar,pub,tavern,saloon,diner,cafe,café,coffee shop,restaurant,coffeehouse,inn,jazz bar,speakeasy,"
    "honky tonk,dive bar,pool hall,canteen,bistro,bar counter,barroom,karaoke bar,beer hall,jazz club,tearoom,"
    "juke joint",
    "club": "club,nightclub,night club,dance floor,dancefloor,disco,rave,discotheque,techno club,warehouse rave,"
    "party,house party,strip club,warehouse party,underground club",
    "stage": "stage,concert,spotlight,theater,theatre,podium,opera stage,gig,limelight,circus ring,circus,catwalk,"
    "runway show,cabaret,festival stage,festival,talent show",
    "stadium": "stadium,arena,football pitch,football field,race track,racetrack,amphitheatre,amphitheater,colosseum,"
    "soccer field,speedway,bleachers,olympic stadium,pitch,baseball field,athletics track",
    "train": "train window,train compartment,on the train,in a train,on a train,inside the train,dining car,"
    "sleeper car,railway compartment,train car,carriage window,train carriage,compartment,sleeping car,in the train",
    "car": "car window,back seat,backseat,driver's seat,dashboard,windscreen,windshield,in the car,inside the car,"
    "passenger seat,rear view mirror,rearview mirror,steering wheel,in a car,inside a car,back of the car,front seat,"
    "in his car,in her car,in my car,in our car,in their car,back of a taxi,back of a cab,in a taxi,in a cab",
    "road": "road,highway,freeway,route,motorway,open road,country road,lane,roadside,interstate,route 66,railway,"
    "train tracks,railroad,railroad track,train track,rails,runway,path,track,railway line,dirt road,autobahn,"
    "country lane,highways,roads,trail,turnpike,long way home",
    "petrol station": "petrol station,gas station,filling station,service station,petrol pump,gas pump,truck stop,"
    "rest stop,fuel station,garage forecourt",
    "motel": "motel,roadside motel,motel sign,motel pool,trailer park,motels",
    "subway": "subway,metro,underground station,subway station,metro station,subway train,tube station,"
    "train station,railway station,"
    "subway platform,platform,train platform,railway platform,station platform,u bahn,subway car,station,tube,"
    "underground train",
    "tunnel": "tunnel,corridor,underpass,hallway,passage,passageway,sewer,catacomb,underground,mine shaft,shaft,"
    "hospital corridor,labyrinth,maze",
    "playground": "playground,sandbox,sandpit,play area,schoolyard swings,kindergarten",
    "park": "park,city park,central park,lawn,golf course,pavilion,zoo,swimming pool,public pool,lido,poolside,"
    "outdoor pool,open air pool",
    "garden": "garden,orchard,flower field,courtyard,backyard,back yard,greenhouse garden,rose garden,vineyard,"
    "flower garden,yard,botanical garden,front yard,patio,secret garden,field of flowers,flower bed,allotment",
    "farm": "farm,farmyard,barnyard,ranch,farmland,homestead,plantation,pasture,paddock,stables,corral",
    "field": "field,meadow,prairie,hills,hill,grassland,plain,countryside,savanna,savannah,steppe,hilltop,hillside,"
    "field of wheat,wheat field,cornfield,corn field,battlefield,rolling hills,pastureland,heath,moorland,"
    "green hills,grass,valley,glade field,dale",
    "forest": "forest,woods,woodland,jungle,grove,rainforest,thicket,wood,clearing,glade,bamboo forest,pine forest,"
    "deep woods,enchanted forest,wildwood,treetops,rain forest,undergrowth,forest floor",
    "mountains": "mountain,peak,ridge,summit,alps,highland,volcano,mountain pass,canyon rim,himalayas,mountain top,"
    "mountaintop,gorge,ravine,mountain range,highlands,andes,crag,pyrenees,rockies,sierra,plateau,mountainside",
    "desert": "desert,dune,sahara,canyon,mesa,wasteland,badlands,salt flat,dry lake,oasis,outback,mars,death valley,"
    "mojave,sand dune,arid plain,red planet,grand canyon,pyramid,wild west,monument valley,sandy plain",
    "snow": "snowfield,tundra,glacier,frozen lake,arctic,iceberg,ice,snow field,north pole,antarctica,"
    "winter landscape,ski slope,ice rink,snowy field,snowy plain,ice field,snowy hill,frozen river,south pole,"
    "antarctic,siberia,winter wonderland,polar night,ice cave,snow covered field",
    "ruins": "ruin,ruins,rubble,debris,junkyard,wreckage,abandoned city,ruined city,ruined town,ghost town,scrapyard,"
    "destroyed city,fallen city,ancient temple,abandoned building,bombed city,shattered city,demolished house,"
    "scrap yard,ashes of the city",
    "graveyard": "graveyard,cemetery,churchyard,burial ground,mausoleum,funeral",
    "fairground": "fairground,amusement park,carnival,theme park,funfair,fair,luna park,boardwalk rides,coney island,"
    "county fair",
    "cave": "cave,cavern,grotto,lair,cave mouth,underground lake",
    "space": "space,galaxy,cosmos,orbit,nebula,universe,outer space,space station,moonscape,lunar surface,void,"
    "starfield,deep space,surface of the moon,on the moon,spaceship cockpit,cockpit,the moon's surface,zero gravity,"
    "black hole,andromeda,stratosphere",
}

BRINGS: dict[str, tuple[Thing, ...]] = {
    "graveyard": ("gravestone",), "cemetery": ("gravestone",), "churchyard": ("gravestone",), "library": ("book",),
    "aquarium": ("fish",), "circus": ("tent",), "orchard": ("tree",), "rose garden": ("rose",),
    "wheat field": ("wheat",), "field of wheat": ("wheat",), "cornfield": ("wheat",), "corn field": ("wheat",),
    "field of flowers": ("flower",), "flower field": ("flower",), "train station": ("train",),
    "railway station": ("train",), "bus stop": ("bus",), "vineyard": ("fence",), "observatory": ("star",),
}  # fmt: skip
"""Things that a place's own word asks for."""

IMPLIED: dict[Place, str] = {
    "harbour": "fisherman,dockworker,fishing boat,trawler,anchor,docker",
    "sea": "sailor,pirate,mermaid,ship,sailboat,whale,captain,shipwreck,submarine",
    "beach": "surfer,surfboard,sandcastle,shell,lifeguard,palm,crab,seashell,flip flop",
    "forest": "autumn leaves,wolf,fox,owl,deer,bear,hunter,elf,elves,fairy,witch,moss,fern,mushroom,lumberjack,"
    "woodcutter,squirrel,fireflies,campfire",
    "field": "horse,horseman,kite,scarecrow,picnic,shepherd,sheep,windmill,wheat,poppy,sunflower,knight,balloon",
    "farm": "farmer,tractor,cow,hen,pig,rooster,barn,harvest",
    "mountains": "dragon,eagle,climber,hermit,wizard,avalanche,hiker,mountaineer",
    "castle": "king,queen,prince,princess,throne,crown,jester",
    "church": "priest,nun,organ,bride,groom,choir,wedding,monk,altar,bell",
    "hall": "waltz,chandelier,ballerina,statue",
    "desert": "cowboy,camel,caravan,nomad,scorpion,cactus,rattlesnake",
    "space": "astronaut,alien,rocket,satellite,comet,planet,ufo,spaceman,cosmonaut",
    "street": "detective,taxi,police,graffiti,gangster,skateboard,skater,hacker,courier,traffic,busker,street lamp,"
    "umbrella,neon sign,bus,rapper,traffic light,android,robot,beggar,policeman",
    "rooftop": "superhero,parkour",
    "stage": "singer,band,guitarist,drummer,microphone,crowd,pianist,violinist,orchestra,audience,musician,clown,"
    "acrobat,piano,drums,speaker",
    "club": "dj,turntable,strobe,glow stick,mirror ball,raver,laser",
    "bar": "bartender,whiskey,barmaid,jukebox,waitress,waiter,barista,barkeeper",
    "garden": "flower,butterfly,bee,gardener,rose,blossom tree",
    "snow": "skier,sled,penguin,husky,snowman,yeti,snowflake,skater on ice,igloo,polar bear,sledge",
    "road": "driver,car,biker,motorbike,truck,hitchhiker,racer,bicycle,trucker",
    "underwater": "fish,shark,jellyfish,octopus,diver,scuba,seahorse,turtle,treasure chest",
    "river": "swan,canoe,dragonfly,heron,frog,kingfisher,willow,angler",
    "ruins": "zombie,survivor,apocalypse,mutant,soldier,post apocalyptic,tank",
    "factory": "factory worker,welder,miner,steelworker,machine,gear",
    "kitchen": "cook,chef,baker,kettle,baking,cake,dinner,supper,breakfast",
    "bedroom": "bed,pyjamas,pillow,lullaby,blanket,nurse,patient,cradle",
    "workshop": "clockmaker,watchmaker,carpenter,blacksmith,tailor,potter,shoemaker,inventor,scientist,mechanic,"
    "engineer,toymaker,luthier,painter",
    "school": "teacher,pupil,student,schoolgirl,schoolboy,blackboard,professor",
    "stadium": "boxer,footballer,athlete,sprinter,football,goalkeeper,gladiator",
    "playground": "swing,seesaw",
    "fairground": "carousel,ferris wheel,juggler,cotton candy",
    "graveyard": "gravestone,widow,gravedigger,vampire",
    "cave": "treasure,caveman,bat,stalactite",
    "room": "television,sofa,telephone,armchair,computer,mirror,clock,fireplace,chair,typewriter",
    "cliff": "lighthouse",
    "train": "train conductor",
    "park": "bench,squirrel",
}
"""Roles, things and words that suggest a place where the text names none."""
