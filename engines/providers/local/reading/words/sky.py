"""Words for weather and hours. Longer phrases win."""

from engines.providers.local.reading.facts import Time, Weather

WEATHERS: dict[Weather, str] = {
    "clear": "clear,cloudless,sunny,sunlight,sunshine,sunlit,blue sky,clear sky,bright sun,bright sky,"
    "sun breaks through,sun comes out,the sky clears,clear skies,blue skies,sunlight returns,heat,heatwave,heat wave,"
    "sun kissed,sun drenched,sunny sky,sky clears,crisp air,clears up,starry,sunrays,sun soaked,sun bleached",
    "clouds": "cloudy,overcast,grey sky,gray sky,broken cloud,towering clouds,clouds,cloud,drifting clouds,"
    "leaden sky,gloomy sky,grey skies,gray skies,grey day,heavy sky",
    "rain": "rain,rainy,raining,drizzle,downpour,puddle,rain slick,rain soaked,rains,pouring,rainfall,"
    "monsoon,raindrop,cloudburst,drizzling,pours,rain washed,rainstorm,soaking wet,rained",
    "snow": "snow,snowing,snowfall,blizzard,flurry,snowy,snowstorm,snow storm,winter,wintry,frost,snow covered,"
    "falling snow,frosty,snowdrift,snows,snowed,icy",
    "fog": "fog,foggy,mist,misty,haze,hazy,smoke,smoky,steam,steamy,vapour,vapor,smog,dry ice",
    "storm": "storm,stormy,thunder,tempest,thunderstorm,storm cloud,gale,hurricane,dark cloud,thundercloud,tornado,"
    "typhoon,lightning storm,black cloud,gathering storm,approaching storm,thunderclap,stormy sea,rough sea,"
    "stormy sky",
    "dust": "dust,dusty,sandstorm,ash,ashes,sand in the air,dust storm,swirling sand,volcanic ash",
}
TIMES: dict[Time, str] = {
    "dawn": "dawn,sunrise,morning,first light,daybreak,sun rises,sun comes up,early morning,crack of dawn,cockcrow,"
    "new day,sunup,dawning,rising sun",
    "day": "day,noon,midday,daylight,afternoon,broad daylight,daytime,high noon,summer day,sunday,saturday,lunchtime,"
    "bright day,bright afternoon,summer afternoon",
    "golden": "golden hour,sunset,low sun,amber light,late afternoon,evening sun,magic hour,golden light,setting sun,"
    "sun sets,sundown,sun goes down,evening light,last light,evening glow,warm light,low evening sun",
    "dusk": "dusk,twilight,blue hour,evening,nightfall,gloaming,after sunset,getting dark",
    "night": "night,midnight,nocturnal,moonlit,moonlight,starlit,after dark,in the dark,nighttime,night time,"
    "darkness,starry night,3 am,3am,2am,2 am,4am,4 am,late at night,starry,at night,tonight,polar night,blood moon,"
    "witching hour,small hours,neon lit,pitch black,night sky,full moon",
}
