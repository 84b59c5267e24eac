"""English words for what figures in contested matters are about, in classes of one meaning each.

General words only: no party, no place and no matter of any library. Whoever is counted is in one
class with another noun only if a reader would take both for the same people: fighters are called
rebels by one source and terrorists by another.
"""

from collections.abc import Mapping

from rag.english import words

_PREDICATES = {
    "killed": (
        "kill kills killed killing dead death deaths die dies died dying toll fatalities fatality"
        " slain slay slew slaughter slaughtered slaughtering massacre massacred massacring"
        " butchered butchering perish perished murdered murdering lives life"
        " martyr martyrs martyred martyrdom corpses bodies"
    ),
    "wounded": (
        "wound wounds wounded wounding injure injures injured injuring injury injuries hurt maimed"
        " maiming"
    ),
    "displaced": (
        "displace displaced displaces displacing displacement flee flees fled fleeing uprooted"
        " uprooting homeless leave leaves left leaving exodus expelled expelling deported"
        " deporting deportation"
    ),
    "entered": "enter enters entered entering arrive arrives arrived arriving crossed crossing",
    "evacuated": "evacuate evacuates evacuated evacuating evacuation bussed",
    "returned": "return returns returned returning repatriated",
    "hostage": (
        "hostage hostages kidnap kidnaps kidnapped kidnapping abduct abducted abducting captive"
        " captives captured capturing prisoner prisoners"
    ),
    "arrested": (
        "arrest arrests arrested arresting detain detains detained detaining detainees imprisoned"
        " jailed"
    ),
    "released": "release releases released releasing freed freeing",
    "missing": "missing disappeared unaccounted",
    "disabled": "disabled disabling crippled",
    "executed": "execute executes executed executing execution beheaded beheading hanged",
    "destroyed": "destroy destroys destroyed destroying demolished demolishing razed",
    "damaged": "damage damages damaged damaging",
    "besieged": "besieged trapped encircled",
    "infected": "infected infections infection",
    "drowned": "drown drowned drowning",
    "surrendered": "surrender surrenders surrendered surrendering",
    "protested": "protest protested protesting demonstrated demonstrating marched rallied",
    "deployed": "deploy deploys deployed deploying",
}

_NOUNS = {
    "person": "person persons people individuals individual souls humans lives dead others victims"
    " citizen citizens resident residents inhabitants villagers locals",
    "killed": "deaths fatalities bodies corpses martyrs",
    "wounded": "injuries wounded injured",
    "civilian": "civilian civilians noncombatants",
    "child": "child children kid kids minors infants babies",
    "woman": "woman women females",
    "man": "man men males",
    "elder": "elderly elders",
    "fighter": (
        "fighter fighters militant militants rebel rebels terrorist terrorists insurgent insurgents"
        " jihadist jihadists jihadis gunman gunmen guerrillas extremists militiamen combatants"
    ),
    "soldier": (
        "soldier soldiers troop troops serviceman servicemen servicemembers personnel recruits"
        " conscripts forces"
    ),
    "officer": "officer officers policeman policemen",
    "family": "family families household households",
    "refugee": "refugee refugees",
    "casualty": "casualty casualties",
    "attack": "attack attacks strike strikes airstrike airstrikes raid raids",
    "rocket": "rocket rockets shell shells mortar mortars missile missiles",
    "house": "house houses home homes dwelling dwellings",
    "vehicle": "vehicle vehicles car cars truck trucks lorry lorries",
}

_PEOPLE = (
    "person killed wounded civilian child woman man elder fighter soldier officer refugee casualty"
)
_OTHER_PEOPLE = (
    "residents inhabitants villagers members workers volunteers journalists doctors students pupils"
    " teachers girls boys defenders citizens nationals prisoners hostages patients rescuers"
    " passengers evacuees commanders fishers farmers protesters demonstrators migrants mourners"
    " worshippers medics guards refugees detainees"
)

_CAUSES = {
    "from the air": (
        "airstrike airstrikes airstrikes air airforce warplane warplanes jets aircraft helicopter"
        " helicopters raid raids planes bombers barrel drone drones"
    ),
    "explosion": (
        "blast blasts explosion explosions explosive car suicide bomber exploded detonated booby"
    ),
    "chemical": "chemical gas sarin toxic poison poisonous chlorine nerve",
    "shelling": "shelling shells shell rocket rockets mortar mortars artillery",
    "fighting": "clashes clash fighting battle battles ambush ambushed gunmen shootout",
    "mine": "mine mines landmine landmines",
    "nature": "earthquake quake flood floods storm cyclone hurricane landslide drought famine",
    "accident": "crash crashed collision derailed sank capsized stampede collapsed",
}


def _by_word(classes: Mapping[str, str]) -> Mapping[str, str]:
    return {word: name for name, listed in classes.items() for word in listed.split()}


PREDICATES = _by_word(_PREDICATES)
"""A word -> the class of what happened to those counted, or of what they did."""

NOUNS = _by_word(_NOUNS)
"""A noun -> the class of what is counted. A noun that is not here is its own class."""

PEOPLE = words(_PEOPLE) | words(_OTHER_PEOPLE)
"""The classes, and the nouns of no class, that are human beings."""

CAUSES = _by_word(_CAUSES)
"""A word -> what brought it about."""

OF_THE_SETTING = words(
    "displaced displacement evacuated evacuees evacuation prison prisoners hostages home house"
    " families mine refugees execution earthquake flood"
)
"""Words of these classes that mostly tell of whom or what else a sentence speaks."""

WAYS = {"executed": "killed", "drowned": "killed"}
"""Classes that are a way of another: an equal number may be given for either."""

VAGUE = frozenset({"fighting"})
"""Causes that go together with any other."""

GENERIC = "person"
"""The class of whoever is counted without being told what they are."""

DONE_BY_THEM = words(
    "died die dies flee flees fled leave leaves left enter enters entered arrive arrives arrived"
    " crossed return returns returned surrendered surrender protested demonstrated marched rallied"
)
"""Verbs whose subject is counted: "20 people left the town"."""

ACTIVE_NOUNS = words(
    "death deaths killing massacre slaughter murder injury wounding loss displacement evacuation"
    " arrest capture kidnapping abduction release execution destruction deportation return lives"
    " life martyrdom toll"
)
"""Nouns that govern a figure after "of"."""

NO_VERBS = words("dead death deaths homeless massacre missing slaughter toll")
"""Predicates that have no object after them: "after the massacre 20 fled"."""

UPROOTING = words("uprooted uprooting")
"""Displacing, where people or families are counted; trees are uprooted too."""
