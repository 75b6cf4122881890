"""Words for what people do, and for how things stand to each other."""

from engines.providers.local.reading.facts import Link
from engines.providers.local.reading.poses import Pose
from engines.providers.local.reading.words.listing import listed

VERBS: dict[Pose, str] = {
    "walk": "walk,wander,stroll,stride,cross,approach,leave,come,go,return,march,step,follow,hike,trudge,pace,"
    "stumble,pass,roam,limp,climb,descend,enter,arrive,travel,journey,creep,sneak,cross over,walk home,go home,"
    "ascend,tiptoe,amble,saunter,parade,move on,set off,drift through,search,look for,lead,chase after slowly,"
    "hurry home,come home,run home,drive home,ride home,head home,return home,be home,"
    "patrol,emerge,walk away,depart,step out,stagger,prowl,trot,lead away,exit,explore",
    "run": "run,work out,sprint,chase,flee,race,rush,escape,hurry,gallop,dash,hunt,charge,jog,bolt,run away,stampede,"
    "scurry,speed",
    "dance": "dance,spin,sway,twirl,groove,waltz,whirl,breakdance,break dance,headbang,tango,pirouette,jive,boogie,"
    "rave,rock,rock out,swagger,mosh,shuffle dance,party,move to the music,moonwalk,twerk,vogue",
    "arms": "raise,celebrate,reach,cheer,lift,raise arms,raise hands,arms raised,hands up,arms wide,arms open,"
    "triumph,throw hands up,arms in the air,hands in the air,applaud,clap,hold up,stretch,arms outstretched,throw,"
    "reach for,protest,pray to the sky,shout,cry out,scream,toss,release,hang up,call out,yell,juggle,conduct,"
    "let go of",
    "sit": "sit,camp,camp out,crouch,perch,squat,rest,seated,sit down,sit around,huddle,meditate,watch tv,fish,"
    "have breakfast,sit together,relax,nurse a drink,sat",
    "lie": "lie,sleep,dream,lay down,lying,doze,lie down,fall asleep,asleep,sunbathe,nap,collapse,lie in bed,snooze,"
    "lie awake,slumber,wake up,awake,wake,die,curled up,curl up,sprawl,laid",
    "lean": "lean,wait,smoke,loiter,lean against,slouch,hang around,linger,hide,lounge",
    "kneel": "kneel,pray,propose,mourn,kneel down,beg,bow,plant,dig,gather,weed,pick,collect",
    "sing": "sing,rap,croon,chant,hum,perform,howl a song,karaoke,serenade,sing along,belt,preach",
    "play": "play,strum,fiddle,pluck,jam,drum,busk",
    "row": "row,paddle,rowing,punt",
    "drive": "drive,steer,cruise,driving,drive away,road trip,speed away,drive through",
    "ride": "ride,cycle,pedal,ride away,ride home,saddle,riding,skate,surf,ski,sledge,sled,skateboard,sail away on",
    "wave": "wave,greet,beckon,wave goodbye,say goodbye,wave farewell,hail,salute,signal",
    "hug": "hug,embrace,kiss,cuddle,hold each other,reunite,in each other's arms,comfort,make up,hold tight,cradle,"
    "nuzzle,make love,hold close,fall into each other's arms,snuggle,share a kiss,embracing",
    "hold hands": "hold hands,hand in hand,holding hands,hold his hand,hold her hand,take her hand,takes his hand,"
    "take his hand,take hands,walk hand in hand,marry,get married,wed,hold her granddaughter's hand",
    "look out": "look out,look out of,look through,stare out,gaze out,look out the window,peer out,"
    "watch from the window,stare out of,gaze out of,looks out,stare through the window,peer through,gaze through",
    "work": "work,lay bricks,write,paint,cook,repair,build,mend,bake,type,draw,study,sew,carve,hammer,forge,sketch,"
    "knit,fix,craft,wash dishes,solder,polish,iron,carpenter,brew,serve,pour,count,stir,wind up,tinker,weld,weave,"
    "sharpen,scrub",
    "swim": "swim,dive,float in the water,drown,snorkel,sink,submerge,swimming,bathe,freedive",
    "jump": "jump,leap,hop,skip,bounce,fall through,dive off,jump over,vault,leap over,somersault,skip rope,trampoline",
    "read": "read,reading,browse,look at pictures",
    "eat": "eat,drink,feast,sip,dine,have dinner,share bread,toast,feed,munch,nibble,have a drink",
    "fight": "fight,punch,kick,wrestle,box,duel,battle,struggle,brawl,fistfight,slay,spar,fencing",
    "fly": "fly,float,hover,levitate,drift,soar,glide,floating,ascend to heaven,fly away,flutter,circle,swoop",
    "stand": "stand,make,build up,join,lay,watch,look,gaze,stare,face,pose,stay,remain,stop,meet,hold,carry,wear,"
    "look back,look up,listen,see,wait for,stand still,guard,freeze,remember,breathe,think,smile,laugh,cry,weep,talk,"
    "whisper,keep,find,bring,open,light,burn,appear,look at,shine,glare,glance,peer,stand alone,call,phone,text,film,"
    "photograph,show,give,take,hand,offer,receive,blow,catch,pull,push,drag,knock,ring,touch,point,vanish,disappear,"
    "grow,become,lose,miss,love,need,want,know,live,try,turn,gather up,open up,close,shut,lock,unlock,break,start,"
    "begin,end,happen,set,send,drop,fall,rise,change,choose,put,pack,unpack,dress,undress,wash,clean,sweep,water,"
    "save,rescue,protect,teach,learn,help,heal,discover,hear,feel,smell,taste,believe,hope,fear,haunt,surround,cover,"
    "fill,cling,glow,flicker,blink,crash,roll,roar,howl,bark,sing birds,bloom,blossom,wither,melt,shatter,crumble,"
    "explode,shimmer,sparkle,glitter,twinkle,hang,swing,sail,sails,moor,anchor down,dock,land,take off,park,"
    "stand guard,lurk,loom,tower over,wilt,fade,ripple,rattle,shake,tremble,tick,strike,chime,toll,pound,beat,pulse,"
    "flash,blaze,erupt,burst,tear,rip,scatter,spill,drip,flow,rush by,roll in,clear,part,lift off,pass by,blow away,"
    "grab,clutch,grip,wipe,share,swap,sell,buy,trade,steal,hit,smash,destroy,scar,carry on,wrap,cut,slice,chop,tie,"
    "untie,knot,hide away,seek,count down,win,lost,won,survive,exist,belong,seem,weigh,own,use,hurt,bleed,suffer,"
    "grieve,regret,forgive,forget,promise,swear,lie to,cheat,betray,trust,argue,quarrel,joke,giggle,grin,frown,sigh,"
    "sob,nod,shrug,rush past,flood,crack,collide,orbit,awaken,transform,morph,dissolve,multiply,mirror back,reflect,"
    "cast,throw light,illuminate,dim,ignite,crackle",
}
_NOUNS_AS_VERBS: dict[Pose, str] = {
    "walk": "tour,pilgrimage,shoulder,shadow,stalk,trail,track,wheel,tail,bridge,tiger,path,cart",
    "run": "train,exercise,race,storm,rocket,wolf",
    "dance": "rock,roll,club,disco,reel",
    "arms": "star,fan,flag,bomb,rain,fountain,trumpet,crown,cup,balloon",
    "sit": "camp,table,nest,spoon,bench,couch,phone,computer,bus,throne",
    "lie": "bed,bunk,blanket",
    "kneel": "duck,weed,seed,well,bow,flower,mushroom,pebble,bone",
    "sing": "chorus,horn,bell,bugle,microphone",
    "play": "pipe,harp,string,organ,record",
    "work": "iron,nail,oil,hammer,saw,saddle,book,ship,pen,pencil,ink,dust,brush,broom,rake,shovel,spade,mop,"
    "peel,grill,salt,pepper,milk,brick,plaster,tar,screw,drill,axe,anvil,needle,thread,bottle,map,"
    "chart,mask,cake,butter,egg,pot,fish,shelf,pump,chain,shell,nurse,doctor,butcher,mirror,bag,barrel,"
    "basket,lock,net,tape,paper,letter,address,price,ticket,type,engine,harvest,corn,vacuum,rope,knot",
    "fight": "knife,sword,shield,gun,spear,arm,bull,cannon",
    "stand": "bear,anchor,house,people,land,room,park,stage,field,mother,father,captain,guard,man,boy,cook,"
    "pilot,referee,umpire,host,hawk,eye,face,head,hand,mouth,nose,toe,heart,back,stomach,fox,ape,"
    "parrot,badger,hound,ram,crane,swan,bug,worm,snake,cow,dog,horse,pig,squirrel,moon,sun,cloud,snow,"
    "ruin,castle,school,shop,market,village,farm,garden,forest,mine,skate,ski,sail,swing,lamp,torch,"
    "candle,light,watch,window,door,wall,fence,gate,ladder,tower,tent,sign,screen,picture,poster,button,zip,"
    "cap,hat,shoe,boot,glove,scarf,veil,cloak,robe,coat,belt,ring,locket,key,coin,cash,purse,case,"
    "trunk,water,ice,fire,smoke,steam",
}
NOUN_VERBS: dict[str, Pose] = {word: pose for pose, words in _NOUNS_AS_VERBS.items() for word in words.split(",")}
"""Nouns that are verbs after a subject without an article between, and the pose of who does it."""

HOLDING = listed(
    """hold, carry, play, read, wear, drag, raise, lift, clutch, grip, grab, swing, wave, drink, eat, smoke, strum,
light, open, write, fly, throw, bring, give, send, take, hand, offer, hug, cradle, pick, find, keep, toss,
release, ring, hand over, bounce, kick, catch, film, sharpen, wield, blow, mend, repair, fix, paint, polish,
pluck, push, pull, sell, steal, type, pour, serve, tie, hold up, count, burn, let go of"""
)
"""Verbs whose object, if it fits, is in the hand."""

LINKS: dict[Link, str] = {
    "in": "in,inside,into,within,aboard,inside of,amid,among,amidst,through the middle of,between,in the middle of",
    "on": "on,onto,upon,on top of,atop,across,along,up on,astride,aboard a",
    "under": "under,beneath,below,underneath",
    "over": "over,above",
    "beside": "beside,next to,by,near,alongside,at the side of,close to,with her,around,round,next,side by side with",
    "behind": "behind,after",
    "before": "before,in front of,against,facing,opposite",
    "from": "from,out of,off,away from,leaves behind,outside",
    "towards": "to,towards,toward,at the sight of,up to,until reaching",
    "with": "with,together with,accompanied by",
    "at": "at,outside of",
    "through": "through,past,down,up,via",
}
STILL = listed(
    """stand, watch, look, gaze, stare, face, pose, meet, hold, carry, look back, look up, listen, smile, laugh, cry,
weep, talk, whisper, open, light, show, give, touch, point, knock, blow, push, pull, hand, offer, guard, wait
for, howl, bark, bloom, glow, bring, catch, drag, film, photograph, call, phone, shake, hang, stand alone,
look at, cling, nod, grin"""
)
"""Verbs of the pose `stand` that can be seen; others, such as to want, make no picture."""
