"""Words for looks: colours, hair, beards, skin, build, clothes and headgear."""

from engines.providers.local.reading.looks import (
    Age,
    Beard,
    Build,
    Eyewear,
    Garment,
    HairLength,
    HairStyle,
    Headgear,
    Skin,
)
from engines.providers.local.reading.things import Size

COLOUR_WORDS: dict[str, str] = {
    "red": "red,crimson,scarlet,ruby,vermilion,cherry red,blood red,fire red,bright red,rose red,reddish,brick red",
    "dark red": "dark red,burgundy,maroon,wine red,deep red,oxblood,bordeaux",
    "orange": "orange,amber,tangerine,rust,terracotta,apricot,peach,coral red,rusty",
    "gold": "gold,golden,gilded,honey,brass,ochre,bronze",
    "yellow": "yellow,lemon yellow,mustard,saffron,canary yellow,bright yellow,pale yellow,sun yellow",
    "green": "green,emerald,lime,jade,mint,neon green,grass green,bright green,sage,light green,moss green",
    "dark green": "dark green,forest green,bottle green,deep green,hunter green",
    "olive": "olive,khaki,army green,olive green,camouflage",
    "teal": "teal,petrol blue,dark cyan",
    "turquoise": "turquoise,aqua,cyan,aquamarine",
    "blue": "blue,azure,cobalt,royal blue,electric blue,sapphire,ultramarine,bright blue,neon blue,bluish",
    "light blue": "light blue,sky blue,pale blue,baby blue,powder blue,ice blue",
    "dark blue": "dark blue,navy,navy blue,midnight blue,deep blue,indigo,denim blue",
    "purple": "purple,plum,mauve,aubergine,deep purple,amethyst",
    "violet": "violet,ultraviolet",
    "lavender": "lavender,lilac,pale purple",
    "pink": "pink,rosy,hot pink,neon pink,pale pink,salmon pink,light pink,blush",
    "magenta": "magenta,fuchsia,fuschia",
    "white": "white,snow white,pure white,ivory,pearly,bone white,off white,whitewashed,milky",
    "cream": "cream,vanilla,eggshell",
    "silver": "silver,silvery,chrome,metallic,steel coloured,pewter",
    "grey": "grey,gray,charcoal,slate,ashen,dark grey,light grey,greying,graying,salt and pepper,stone grey",
    "black": "black,jet black,ebony,onyx,pitch black coloured,raven black,blackened,inky",
    "brown": "brown,chestnut,chocolate brown,mahogany,tan,hazel,auburn brown,brunette,umber,coffee brown,mousy,tawny",
    "beige": "beige,sand coloured,camel coloured,taupe,sandy coloured",
    "copper": "copper,coppery",
    "blond": "blond,blonde,fair haired,flaxen,platinum blonde,golden haired,strawberry blonde,straw blond,platinum",
    "ginger": "ginger,red haired,redhead,auburn,redheaded,carrot red,red headed",
}

SIZES: dict[Size, str] = {
    "tiny": "tiny,minuscule,miniature,toy sized,wee,micro",
    "small": "small,little,short sized,modest,petite sized",
    "big": "big,large,great,tall thing,towering,grand,mighty,oversized,broad",
    "huge": "huge,giant,enormous,gigantic,massive,colossal,immense,vast,monumental",
}
AGES: dict[Age, str] = {
    "old": "old,elderly,aged,ageing,aging,ancient,wrinkled,weathered,grey old,frail,seventy year old,eighty year old,"
    "white haired old,in her seventies,in his seventies,in her eighties,in his eighties,older,retired,sixty,seventy,"
    "eighty,ninety,in her 60s,in his 60s,in her 70s,in his 70s,in her 80s,in his 80s,sixty year old,senile,wizened",
    "young": "young,youthful,twenty something,in her 20s,in his 20s,in her twenties,in his twenties,twenty year old,"
    "younger",
    "adult": "middle aged,adult,grown up,grown,in her thirties,in his thirties,in her forties,in his forties,mature,"
    "in her 40s,in his 40s,in her 50s,in his 50s,in her 30s,in his 30s,in her fifties,in his fifties",
    "teen": "teenage,teenaged,adolescent,sixteen year old,seventeen year old",
    "child": "little child,small child,baby child,six year old,seven year old,eight year old,five year old,"
    "ten year old",
}
HAIR_LENGTHS: dict[HairLength, str] = {
    "bald": "bald,shaved head,shaven head,bald headed,shaven,baldheaded,shaved,hairless",
    "short": "short hair,short haired,cropped hair,crew cut,buzz cut,buzzcut,pixie cut,close cropped,cropped",
    "medium": "shoulder length hair,medium hair,chin length hair",
    "long": "long hair,long haired,flowing hair,waist length hair,loose hair,floor length hair",
}
HAIR_STYLES: dict[HairStyle, str] = {
    "curly": "curly,curls,curly haired,ringlets,frizzy,curl,tousled",
    "straight": "straight hair,sleek hair",
    "wavy": "wavy",
    "braid": "braid,braids,plait,plaits,pigtail,pigtails,braided,plaited,cornrows",
    "ponytail": "ponytail,pony tail",
    "bun": "bun,chignon,top knot,topknot,hair up,updo,man bun,hair in a bun",
    "afro": "afro",
    "mohawk": "mohawk,mohican,punk hair",
    "spiky": "spiky,spiky hair,spiked,spiky haired",
    "dreadlocks": "dreadlocks,dreads,dreadlocked,locs",
    "bob": "bob cut,bob haircut,fringe,bangs",
}
BEARDS: dict[Beard, str] = {
    "beard": "beard,bearded,full beard,goatee,whiskers",
    "long beard": "long beard,long bearded,flowing beard",
    "stubble": "stubble,unshaven,stubbly,five o'clock shadow",
    "moustache": "moustache,mustache,moustached,handlebar moustache",
}
SKINS: dict[Skin, str] = {
    "pale": "pale,pale skin,porcelain skin,pale skinned,pallid,ghostly pale,freckled,freckles,white skin",
    "light": "fair skin,fair skinned,light skin,light skinned",
    "olive": "olive skin,olive skinned,mediterranean skin",
    "brown": "brown skin,brown skinned,tanned,tan skin,sun tanned,latino,latina,indian,south asian,sunburnt,suntanned",
    "dark": "dark skin,dark skinned,black skin,african,ebony skin,black skinned",
    "green": "green skin,green skinned",
    "blue": "blue skin,blue skinned",
}
BUILDS: dict[Build, str] = {
    "slim": "slim,thin,skinny,slender,lanky,gaunt,lean built,petite,bony",
    "stout": "stout,fat,chubby,plump,round bellied,heavy set,overweight,portly,burly round,big bellied,heavyset",
    "tall": "tall,lofty,long legged",
    "small": "short,tiny framed",
    "strong": "muscular,strong,burly,broad shouldered,brawny,stocky,athletic,muscled",
}
EYEWEAR: dict[Eyewear, str] = {
    "sunglasses": "sunglasses,shades,dark glasses,aviators,sun glasses,mirrored glasses,ray bans",
    "glasses": "glasses,spectacles,round glasses,eyeglasses,bespectacled,monocle,horn rimmed glasses,reading glasses,"
    "goggles",
}
GARMENTS: dict[Garment, str] = {
    "raincoat": "raincoat,rain coat,oilskin,mackintosh,anorak,rain jacket,oilskins,slicker,yellow slicker,poncho",
    "leather jacket": "leather jacket,biker jacket,leathers,leather",
    "coat": "coat,overcoat,leather coat,trench coat,trenchcoat,greatcoat,fur coat,parka,winter coat,duffle coat,"
    "lab coat,peacoat,fur,duster,frock coat,tailcoat,cardigan coat,wool coat,mantle coat",
    "jacket": "jacket,denim jacket,bomber jacket,blazer,windbreaker,tracksuit,puffer jacket,jean jacket,"
    "varsity jacket,track suit,tweed jacket,waistcoat jacket",
    "wedding dress": "wedding dress,bridal gown,wedding gown,bridal dress",
    "dress": "dress,gown,ball gown,summer dress,evening dress,sundress,ballgown,frock,nightgown,tutu,nightdress,sari,"
    "cocktail dress,cheongsam,party dress,slip dress,dresses,polka dot dress,skirts and blouse",
    "skirt": "skirt,kilt,mini skirt,miniskirt",
    "shirt": "shirt,blouse,flannel shirt,checked shirt,plaid shirt,hawaiian shirt,striped shirt,flannel,dress shirt,"
    "polo",
    "t-shirt": "t shirt,tee,tee shirt,tank top,tshirt,jersey,undershirt,band shirt,crop top,singlet",
    "sweater": "sweater,jumper,pullover,cardigan,turtleneck,wool sweater,knitwear,fisherman's sweater,jersey knit,"
    "roll neck",
    "hoodie": "hoodie,hooded top,hooded sweatshirt,sweatshirt,hooded jacket",
    "suit": "suit,tuxedo,tux,three piece suit,business suit,dinner jacket,pinstripe suit",
    "trousers": "trousers,pants,slacks,leggings,breeches,flares,cargo pants,leather trousers",
    "jeans": "jeans,denim,denims,blue jeans,dungaree jeans",
    "shorts": "shorts,hot pants,swim shorts,lederhosen",
    "uniform": "uniform,scrubs,livery,school uniform,military uniform,army uniform",
    "overalls": "overalls,dungarees,boiler suit,jumpsuit,coveralls,work clothes,onesie,costume",
    "robe": "robe,bathrobe,habit,cassock,tunic,toga,dressing gown,kaftan,caftan,rags,shroud,robes,vestment",
    "cloak": "cloak,cape,mantle,shawl,poncho cloak,blanket cloak",
    "armour": "armour,armor,chainmail,chain mail,breastplate,suit of armour",
    "spacesuit": "spacesuit,space suit,diving suit,pressure suit,wetsuit,hazmat suit,wet suit",
    "swimsuit": "swimsuit,bikini,swimming trunks,bathing suit,swimwear,leotard",
    "pyjamas": "pyjamas,pajamas,pjs,nightshirt,underwear",
    "scarf": "scarf,neckerchief,shawl scarf,feather boa",
    "gloves": "glove,gloves,mittens,boxing gloves worn",
    "boots": "boot,boots,wellies,wellingtons,rubber boots,cowboy boots,wellington boots,combat boots,gumboots",
    "shoes": "shoes,dancing shoes,sandals,slippers,heels,clogs,barefoot shoes",
    "apron": "apron",
    "tie": "tie,bow tie,necktie,bowtie",
    "vest": "vest,waistcoat,gilet",
    "kimono": "kimono,yukata,hanbok",
    "wings": "wings,angel wings",
    "earrings": "earring,earrings,hoop earring,ear ring,ear stud",
}
JEWELS: dict[Garment, str] = {
    "necklace": "necklace,pearl,pearls,pearl necklace,locket,pendant,chain,chains,chain necklace,gold chain,"
    "silver chain,amulet,medallion,beads",
    "bracelet": "bracelet,bangle,watch,wristwatch,armband,wristband",
}
"""Things that are worn when a person is said to have them on."""

BARE: dict[str, str] = {
    "shoes": "barefoot,barefooted,shoeless",
    "hat": "bareheaded,hatless,bare headed",
    "beard": "clean shaven,cleanshaven,beardless",
    "crown": "crownless,uncrowned",
}
"""Words for what someone does not wear."""

HEADGEAR: dict[Headgear, str] = {
    "cowboy hat": "cowboy hat,stetson,western hat",
    "top hat": "top hat,cylinder hat,stovepipe hat",
    "straw hat": "straw hat,sun hat,sunhat,boater,conical hat,sombrero,wide brimmed hat,broad brimmed hat",
    "witch hat": "witch hat,pointed hat,pointy hat,witch's hat,party hat",
    "hat": "hat,fedora,bowler hat,bowler,trilby,bonnet,beret,panama hat,tricorn,homburg",
    "cap": "cap,baseball cap,flat cap,peaked cap,sailor cap,captain's hat,sailor's cap,newsboy cap,captain's cap,"
    "snapback",
    "beanie": "beanie,woolly hat,wool hat,woolen hat,knit cap,bobble hat,wool cap,woollen hat,knitted hat,fur hat,"
    "ushanka,woolly cap,winter hat,santa hat",
    "hood": "hood,hooded,cowl",
    "helmet": "helmet,hard hat,motorcycle helmet,crash helmet,space helmet,visor",
    "headscarf": "headscarf,head scarf,bandana,hijab,kerchief,bandanna,headband",
    "flower crown": "flower crown,crown of flowers,flowers in her hair,flower in her hair,laurel wreath,"
    "wreath of flowers,flower in hair,flowers in their hair",
    "chef's hat": "chef's hat,chef hat,toque,cook's hat,baker's hat,baker's cap,cook's cap",
    "veil": "veil,lace veil",
    "turban": "turban",
    "mask": "masked,wearing a mask,balaclava",
}
