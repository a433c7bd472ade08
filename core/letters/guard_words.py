"""Words the leak guard knows. Data only, in lower case."""
# ruff: noqa: E501 -- tables of words are read line by line

from __future__ import annotations

from types import MappingProxyType
from typing import Final

TITLES: Final = frozenset(
    "mr mrs ms miss mx dr prof professor rev reverend imam rabbi sir lady lord councillor cllr pc".split()
)
PARTICLES: Final = frozenset(
    "van von der den de del della di da dos du la le al el ul ur bin ibn bint ben ap ab ter st".split()
)
MONTHS: Final = MappingProxyType(
    {
        name: number
        for number, names in enumerate(
            ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
             "september sept sep", "october oct", "november nov", "december dec"), start=1)
        for name in names.split()
    }
)  # fmt: skip
WEEKDAYS: Final = MappingProxyType(
    {
        name: number
        for number, names in enumerate(
            ("monday mon", "tuesday tue tues", "wednesday wed weds", "thursday thu thur thurs", "friday fri", "saturday sat", "sunday sun"))
        for name in names.split()
    }
)  # fmt: skip
ORDINAL_ENDS: Final = frozenset(("st", "nd", "rd", "th"))
FLAT_LABELS: Final = frozenset(
    "flat flats flt apartment apartments apt apts unit units room rooms studio maisonette bedsit door plot".split()
)
NUMBER_LABELS: Final = frozenset("number numbers num no nos nr house houses".split())
LEVELS: Final = frozenset("basement penthouse attic loft annexe annex".split())
NUMBER_WORDS: Final = MappingProxyType(
    {
        word: str(number)
        for number, word in enumerate(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
            "eighteen nineteen twenty".split(), start=1)
    }
)  # fmt: skip
STREET_ENDS: Final = MappingProxyType(
    {
        "road": "rd", "street": "st", "lane": "ln", "avenue": "ave", "close": "cl", "crescent": "cres", "drive": "dr",
        "gardens": "gdns", "court": "ct", "place": "pl", "square": "sq", "terrace": "terr", "walk": "wlk", "grove": "gr",
        "row": "row", "mews": "mews", "way": "way", "hill": "hill", "green": "green", "park": "pk", "rise": "rise",
        "view": "view", "end": "end", "parade": "pde", "passage": "passage", "alley": "alley", "yard": "yd",
        "broadway": "bdwy", "wharf": "wharf", "quay": "quay",
    }
)  # fmt: skip
"""Last word of a street -> its short form (itself where there is none)."""

STRAND_WORDS: Final = MappingProxyType(
    {
        "race": "race races racial racially racism racist racists ethnic ethnicity nationality xenophobia xenophobic asian african "
        "caribbean immigrant immigrants foreigner foreigners refugee refugees gypsy gypsies roma traveller travellers "
        "skin+colour black+people black+person black+man black+woman black+family black+household black+neighbour".split(),
        "religion": "religion religions religious faith faiths muslim muslims islam islamic islamophobia islamophobic jew jews jewish "
        "antisemitic antisemitism sikh sikhs hindu hindus christian christians mosque synagogue gurdwara hijab headscarf turban".split(),
        "gender": "gender sexism sexist misogyny misogynist misogynistic".split(),
        "disability": "disability disabilities disabled disablist ableist wheelchair autism autistic deaf learning+difficulty "
        "learning+difficulties".split(),
        "sexual-orientation": "sexuality sexual+orientation gay lesbian lesbians bisexual homosexual homophobia homophobic biphobic "
        "lgbt lgbtq same+sex".split(),
        "transgender-identity": "transgender trans transphobia transphobic nonbinary non+binary gender+identity gender+reassignment".split(),
        "illness": "illness illnesses disease hiv cancer mental+health".split(),
        "age": "age ageism ageist elderly pensioner pensioners older+people older+person old+age".split(),
    }
)  # fmt: skip
"""Strand -> the words that tell it; + joins the words of a phrase."""

NO_STRAND: Final = frozenset(("other", "none", "another reason", "no reason known", "none known", "not known", ""))

FUNCTION_WORDS: Final = frozenset(
    "a about above after again against all also always am an and another any anyone anything are around as at away back be because been "
    "before being below between both but by can cannot could did do does doing done down during each either else even ever every "
    "everyone everything few first for from further get gets getting given go goes going gone got had has have having he her here "
    "hers herself him himself his how i if in inside into is it its itself just last less like many me might mine more most much must my "
    "myself near never next no nobody none nor not nothing now of off often on once one only onto or other others our ours ourselves "
    "out outside over own per quite rather same she should since so some somebody someone something soon still such than that the "
    "their theirs them themselves then there these they thing things this those though through till to today together too toward "
    "towards under until up upon us use very was we well were what whatever when where whether which while who whole whom whose why "
    "will with within without would yes yet you your yours yourself yourselves".split()
)

_EVERYDAY_WORDS: Final = frozenset(
    # words of letters
    "able abuse abusive accept access account act action add address advice advise afraid afternoon agree alarm alert allow alone amount "
    "anger angry animal answer appeal apply appoint appointment approach area arrange arrest arrive ask assist association attack attend "
    "aware bad bag bank bar bark base basis bath battery beach bear beat become bed begin behave behaviour belief believe bell belong "
    "belongings benefit best better bicycle big bike bin bird block blood blue board body book border bottle bottom box boy break brick "
    "bridge bring broken brother build building burn bus business butter button buy call car card care career carer carry case cat catch "
    "cause centre certain chair chance change charge charter chat cheap check child children choice choose church citizen city class clean "
    "clear clerk clock close cloth clothes clothing club coat coffee cold collect college colour come comfort commit committee common community "
    "company compare complain complaint concern condition confirm consider contact contain content continue contract control convenience cook "
    "cooker cool copper copy corner correct cost council count country couple course court cover crime criminal cross crowd cry cup current "
    "curtain custom customer cut daily damage dance danger dark date daughter day deal dear death decide decision decline deep delay "
    "delight deliver demand depend describe desk detail develop die different difficult difficulty dinner direct dirty discuss disease "
    "dog door double doubt draw dress drink drive driver drop dry duty ear early earn earth east easy eat edge education effect effort "
    "elder electric else email emergency empty end enemy energy english enjoy enough ensure enter entrance equal escape especially estate "
    "evening event evidence exact example except excuse exist expect experience explain express extra eye face fact fail fair faithful "
    "fall false family far fast father fault favour fear feed feel fence few field fight file fill final find fine finger finish fire "
    "fish fit fix flag flat flight floor flower fly follow food foot football force foreign forget form forward found free freedom fresh "
    "friend frighten front fruit full fun funny furniture future game garage garden gate gather general gentle girl give glad glass gold "
    "good govern graffiti grand grant grass great greet grey ground group grow guard guess guest guide gun hair half hall hand handle "
    "happen happy harass harassment hard harm hate head health hear heart heat heavy height help hide high hit hold hole holiday home hope "
    "horrible horse hospital host hot hotel hour house housing hurt husband idea identify identity illness imagine important improve incident "
    "include increase indeed independent inform information injure injury insult insurance intend interest interpreter introduce investigate "
    "invite involve iron issue item job join joint joke journey joy judge jump justice keep key kick kid kill kind kitchen knife knock know "
    "ladder lady land landlord language large late later laugh laundry law lawyer lay lead leader leaflet leak learn leave left leg legal "
    "lesson let letter letterbox level library lie life lift light limit line list listen litter little live load local lock lonely long "
    "look lose loss lot loud love low luck lunch machine magazine main make man manage manager manner march mark market marriage marry "
    "master match matter meal mean measure meat medical meet meeting member memory mend mention message metal middle mile milk mind minute "
    "miss mistake mix model modern moment money month morning mother motor mouth move music name narrow nasty nation natural nature near "
    "nearly neat necessary neck need neighbour neighbourhood nephew nervous new news newspaper nice niece night noise noisy normal north "
    "nose note notice number nurse obey object occasion offer office officer official often oil old online open opinion order organise "
    "organisation owner page paid pain paint pair paper parcel pardon parent park part partner party pass passage past path patience patient "
    "pattern pause pay peace pen penny people pepper perfect perhaps period permit person personal phone photo pick picture piece place plain "
    "plan plane plant plate play pleasant please pleasure plenty pocket point poison police policy polite poor popular port position possible "
    "post poster postman pound power practice present press pretend pretty prevent price pride print prison privacy private prize probable problem "
    "process produce programme promise proof proper property protect proud prove provide public pull punish push put quality quarrel quarter "
    "queen question quick quiet race radio rain raise range rate reach read reader ready real really reason receive recent recently reception record "
    "recording red reduce refer refuse regard regular relate relation religion remain remember remind remove rent repair repeat reply report request "
    "rescue resident respect respond rest result return reward rich ride right ring rise risk river road rock role roof room rope rose round "
    "rubbish rude rule run sad safe safety sail salt sand save say scene school score sea search season seat second secret secure security see "
    "seem sell send sense sentence separate serious serve service set settle several severe shade shadow shake shape share sharp sheet shelf "
    "shine ship shirt shock shoe shoot shop short shot shoulder shout show shower shut sick side sign signal silence silent silly silver "
    "similar simple sing single sister sit size skill skin sky sleep slip slow small smell smile smoke smooth snow society soft soil "
    "soldier solid solve son song sort sound soup south space speak special speech speed spell spend spirit spoil sport spot spread spring "
    "square staff stage stair stamp stand standard star start state station stay steal steam steel step stick stone stop store storm "
    "story straight strange street strength stress stretch strict strike strong student study stupid style subject succeed success sudden "
    "suffer sugar suggest suit summer sun supply support suppose sure surface surprise sweet swim swear system table tail take talk tall taste "
    "taxi tea teach teacher team tear telephone television tell temper temple tenancy tenant tend term terrible test thank theatre thick thief thin "
    "think threat threaten throw ticket tidy tie time tired title tonight top total touch tour tower town toy trade traffic train translate "
    "transport travel tread treat tree trespass trial trick trip trouble true trust truth try turn twice type ugly uncle understand union "
    "unit unite unless unusual upper upset urgent useful usual valley value van vandal various vehicle verbal version victim view village "
    "violence violent visit visitor voice wait wake walk wall wander want war ward warm warn warning wash waste watch water wave way weak wear "
    "weather wedding week weekend weigh weight welcome west wet wheel white wide wife wild win wind window wine winter wire wise wish witness "
    "woman women men wonder wood word work world worry worse worst worth wound wrap write writer writing wrong yard year yellow yesterday "
    "young youth zero zone parish parsley banker barker tailor charter carter master mister bitter batter better potter pottery hunter "
    "harmer hammer summary spelling braille crimestoppers vision anyway hidden barrel carrot parrot morris merit spirit ballet bullet wallet "
    "market basket jacket racket rocket socket cotton button mutton lesson reason season poison prison person parson mason wagon dragon "
    "stewards steward warden garden burden harden golden wooden linen kitten mitten written bottom custom random "
    "evidence absence science silence balance chance dance distance instance entrance insurance "
    "sincerely faithfully regards enclosed tenants residents neighbours".split()
)

_NAMES_THAT_ARE_WORDS: Final = frozenset(
    "mark will may rose grace hope joy faith dawn rich guy art bill frank grant pat sue jack drew dean miles chase hunter olive ruby pearl ivy "
    "daisy lily violet heather iris summer autumn april june august sunny angel destiny precious blessing patience victor earnest norm rob "
    "nick josh carol penny ray gene dale glen wade heath clay cliff rusty sandy misty ginger robin jay drake don ward king young green brown "
    "white black gray grey hill wood woods field fields lane street house park marsh moor stone rivers lake banks law page price rice cook "
    "baker potter carpenter walker turner fisher farmer mason carter cooper porter butler bishop pope abbot knight noble duke earl prince bell "
    "ball bird swan fox wolf lamb bull crow finch short long small little large strong sharp bright swift moody gay savage wise good best power "
    "love peace church temple bridge bush reed root flower flowers berry cherry plum peel bacon pepper salt curry case call cash chance close "
    "cross dear english french welsh ireland england holland london paris hall gates key keys lock self west east north south winter snow frost "
    "rain storm gale sky moon sun star light bob bless charity christian constance crystal dolly dot eve gay harmony honey honour jasmine jewel "
    "jimmy justice liberty mercy mike pansy poppy prudence queen randy rex rick river rod rowan roman rusty saint sage sally serene skip sterling "
    "stuart tad tiffany tom trinity verity wally wren an so do no in on me my we us he it be to go at as is or up if of by am the and for her "
    "his not you all any can had has was one our out day get him how man new now old see two way who boy did its let put say she too use mum dad "
    "van ban bar tin ham pan ali ash bay bee ben cat dan dee den don eve fay gap hay hid jam jar jet kay kit lay lee lie lot mac max min nan pea "
    "pin pop rod ron roy ruth sam sid tan tea ted tim tod toy tug vie viv wan win zip".split()
) - frozenset(
    "ali ash ben dan dee eve fay kay lee mac max roy ruth sam sid ted tim ron nan viv kit sally tiffany tom jimmy stuart jasmine".split()
)

COMMON_WORDS: Final = FUNCTION_WORDS | _EVERYDAY_WORDS | _NAMES_THAT_ARE_WORDS
"""A name that is one of these counts, on its own, only with a capital letter."""

_ENDINGS: Final = (
    "ings",
    "ing",
    "edly",
    "ers",
    "est",
    "ed",
    "er",
    "es",
    "ly",
    "s",
    "al",
    "ment",
    "ments",
    "ness",
    "ful",
    "y",
)


def is_common(word: str) -> bool:
    """Whether a folded word, or the word it is built from ("parked", "planning"), is an everyday one."""
    if word in COMMON_WORDS or (word[-2:] in ("ed", "er") and word[:-1] in COMMON_WORDS):
        return True
    for ending in _ENDINGS:
        base = word[: -len(ending)]
        if not word.endswith(ending) or len(base) < 3:
            continue
        if base in COMMON_WORDS or base + "e" in COMMON_WORDS or (base[-1] == "i" and base[:-1] + "y" in COMMON_WORDS):
            return True
        if base[-1] == base[-2] and ending[0] in "aei" and base[:-1] in COMMON_WORDS:
            return True
    return False


def stem(word: str) -> str:
    """A crude root, the same for "window", "windows"; "paint", "painted", "painting"."""
    for ending in ("ings", "ing", "edly", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] + "y" if len(word) > 3 and word[-1] == "i" else word


def is_everyday_name(word: str) -> bool:
    """Whether a name is also an everyday word, so that small letters mean the word and not the person."""
    return word in COMMON_WORDS or (word.endswith("s") and word[:-1] in COMMON_WORDS)
