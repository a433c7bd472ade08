"""The words addresses and household lists are made of. Data only; everything is in lower case."""
# ruff: noqa: E501 -- tables of words are read, and compared, one entry a line

from __future__ import annotations

from typing import Final

STRONG_STREET_WORDS: Final = frozenset(
    "road street avenue lane close drive crescent terrace place square gardens mews walk "
    "broadway boulevard parade esplanade promenade highway causeway embankment circus grove "
    "rd str st ave av ln cl clo dr drv cres cresc terr ter pl sq gdns gdn wlk gr bvd blvd "
    "way passage alley approach parkway driftway roundway".split()
)
"""A street name ends here almost always."""

WEAK_STREET_WORDS: Final = frozenset(
    "hill green park row rise view end wood woods wharf fields field common quay side bank vale dene "
    "path yard court garden croft mead meadow meadows heath bridge chase cross gate hollow furlong "
    "hedge mount orchard reach ridge ridges spinney wynd yd ct crt town moors furze butts oak grange "
    "dale dell drove leas lea link loop mall oval ring sands slade slip strand top turn corner".split()
)
"""A street name may end here; the word is as often the middle of a name or part of a place."""

STREET_WORDS: Final = STRONG_STREET_WORDS | WEAK_STREET_WORDS

BUILDING_WORDS: Final = frozenset(
    "house court mansions mansion apartments building buildings tower towers lodge hall point heights works "
    "block cottage cottages flats centre hotel inn mosque church chapel school rectory vicarage manor "
    "farm barn mill villa villas residence residences studios hostel foyer ct crt wing halls "
    "college arms almshouses warehouse maltings exchange".split()
)

FLAT_WORDS: Final = frozenset(
    "flat flt apartment apt apartments. unit room rm studio maisonette bedsit bedsitter cluster suite penthouse "
    "plot garage".split()
)
"""Kinds of home inside a building that usually carry their own number or letter."""

PLAIN_FLAT_WORDS: Final = frozenset("flat flt apartment apt".split())
LEVEL_WORDS: Final = frozenset("floor basement annexe annex attic".split())
"""Kinds of home inside a building that usually carry no number."""

LEVEL_QUALIFIERS: Final = frozenset(
    "the ground lower upper top middle first second third fourth fifth sixth seventh eighth ninth tenth "
    "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th garden front rear back left right and & floor floors basement".split()
)
AFTER_FLAT_WORDS: Final = frozenset("above over at rear behind".split())
NUMBER_LABELS: Final = frozenset("no no. number nr #".split())

COUNTRIES: Final = frozenset("uk u.k england wales scotland gb".split())
DIRECTIONS: Final = frozenset("north south east west".split())
PLACE_PREFIXES: Final = frozenset("old new upper lower great little".split())

CANONICAL_WORDS: Final = {
    "rd": "road", "str": "street", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "clo": "close",
    "dr": "drive", "drv": "drive", "cres": "crescent", "cresc": "crescent", "terr": "terrace", "ter": "terrace",
    "pl": "place", "sq": "square", "gdns": "gardens", "gdn": "garden", "wlk": "walk", "gr": "grove",
    "bvd": "boulevard", "blvd": "boulevard", "ct": "court", "crt": "court", "yd": "yard", "hse": "house",
    "ho": "house", "bldg": "building", "bldgs": "buildings", "mans": "mansions", "saint": "st", "apts": "apartments",
    "pk": "park", "nth": "north", "sth": "south",
}  # fmt: skip
"""Abbreviation -> the word it stands for, for telling whether two addresses are the same."""

ORDINALS: Final = {
    "1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth", "6th": "sixth",
    "7th": "seventh", "8th": "eighth", "9th": "ninth", "10th": "tenth",
}  # fmt: skip

COUNTIES: Final = frozenset(
    name.strip()
    for name in (
        "bedfordshire, berkshire, buckinghamshire, cambridgeshire, cheshire, cornwall, cumbria, cumberland, derbyshire, "
        "devon, dorset, county durham, east sussex, east riding of yorkshire, essex, gloucestershire, greater london, "
        "greater manchester, hampshire, herefordshire, hertfordshire, isle of wight, kent, lancashire, leicestershire, "
        "lincolnshire, merseyside, middlesex, norfolk, northamptonshire, northumberland, north yorkshire, "
        "nottinghamshire, oxfordshire, rutland, shropshire, somerset, south yorkshire, staffordshire, suffolk, surrey, "
        "tyne and wear, warwickshire, west midlands, west sussex, west yorkshire, wiltshire, worcestershire, "
        "north humberside, south humberside, avon, cleveland, gwynedd, clwyd, dyfed, powys, gwent, west glamorgan, "
        "mid glamorgan, south glamorgan, pembrokeshire, carmarthenshire, ceredigion, monmouthshire, flintshire, "
        "denbighshire, fife, midlothian, east lothian, west lothian, lanarkshire, ayrshire, renfrewshire, "
        "dunbartonshire, stirlingshire, perthshire, aberdeenshire, county antrim, county armagh, county down, "
        "county fermanagh, county londonderry, county tyrone, oxon, berks, bucks, herts, cambs, hants, lancs, leics, "
        "lincs, northants, notts, staffs, wilts, worcs, yorks, beds, glos, salop"
    ).split(",")
)

TOWNS: Final = frozenset(
    name.strip()
    for name in (
        "london, birmingham, manchester, leeds, liverpool, sheffield, bristol, newcastle upon tyne, newcastle, "
        "nottingham, leicester, coventry, bradford, hull, stoke-on-trent, wolverhampton, derby, southampton, portsmouth, "
        "plymouth, brighton, hove, reading, oxford, cambridge, norwich, ipswich, luton, milton keynes, northampton, "
        "peterborough, swindon, exeter, bournemouth, poole, bath, gloucester, cheltenham, york, sunderland, "
        "middlesbrough, darlington, durham, gateshead, south shields, hartlepool, doncaster, rotherham, barnsley, "
        "huddersfield, halifax, wakefield, harrogate, scarborough, blackpool, preston, blackburn, burnley, bolton, bury, "
        "oldham, rochdale, salford, stockport, wigan, warrington, chester, crewe, st helens, southport, birkenhead, "
        "lancaster, carlisle, lincoln, grimsby, scunthorpe, mansfield, chesterfield, stafford, telford, shrewsbury, "
        "walsall, dudley, west bromwich, solihull, redditch, worcester, hereford, kidderminster, rugby, nuneaton, "
        "leamington spa, stratford-upon-avon, kettering, corby, wellingborough, bedford, stevenage, watford, "
        "st albans, hemel hempstead, welwyn garden city, hatfield, harlow, chelmsford, colchester, basildon, "
        "southend-on-sea, grays, brentwood, romford, ilford, barking, dagenham, enfield, harrow, wembley, uxbridge, "
        "hounslow, twickenham, kingston upon thames, croydon, sutton, bromley, dartford, gravesend, gillingham, chatham, "
        "rochester, maidstone, ashford, canterbury, dover, folkestone, margate, ramsgate, hastings, eastbourne, lewes, "
        "crawley, horsham, worthing, guildford, woking, epsom, redhill, reigate, slough, windsor, maidenhead, bracknell, "
        "high wycombe, aylesbury, banbury, bicester, abingdon, witney, didcot, newbury, basingstoke, andover, "
        "winchester, salisbury, trowbridge, taunton, yeovil, bridgwater, weston-super-mare, torquay, barnstaple, truro, "
        "falmouth, penzance, weymouth, dorchester, king's lynn, great yarmouth, lowestoft, bury st edmunds, thetford, "
        "cardiff, swansea, newport, wrexham, barry, llanelli, bangor, edinburgh, glasgow, aberdeen, dundee, inverness, "
        "perth, stirling, paisley, belfast, lisburn, newry, londonderry"
    ).split(",")
)

TITLES: Final = {
    "mr": "Mr", "mrs": "Mrs", "ms": "Ms", "miss": "Miss", "mx": "Mx", "dr": "Dr", "rev": "Rev", "revd": "Revd",
    "prof": "Prof", "professor": "Professor", "sir": "Sir", "dame": "Dame", "lady": "Lady", "lord": "Lord",
    "master": "Master", "imam": "Imam", "rabbi": "Rabbi", "fr": "Fr", "sister": "Sister", "cllr": "Cllr", "mstr": "Master",
}  # fmt: skip

NOBODY: Final = frozenset(
    "void,vacant,empty,n/a,na,none,-,--,?,tbc,unknown,not known,the occupier,occupier,the resident,resident,nil,no tenant".split(
        ","
    )
)
"""What people type in a name cell when there is no name."""

VACANT: Final = frozenset({"void", "vacant", "empty", "no tenant"})
"""What people type in a name cell when nobody lives there."""

NOT_AN_ADDRESS: Final = frozenset(
    "n/a,na,none,-,--,?,tbc,tba,unknown,not known,see file,see above,as above,ditto,no address,"
    "no fixed abode,nfa,same,same as above,test,total,totals,withheld,address withheld,not applicable,"
    "address to follow,to follow,end,end of list,moved away,gone away".split(",")
)

NO_DWELLING: Final = frozenset("garage garages lockup lock-up parking carport land substation store".split())
"""An address that begins with one of these is seldom where somebody lives."""
