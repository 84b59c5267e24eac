"""Words of English grammar by which claims are read (`rag.claims`)."""


def words(listed: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(listed.split())


AUXILIARIES = words(
    "are be been being can could did do does get got had has have is may might was were will would"
)
PASSIVE = words("are be been being got is was were")
"""Auxiliaries that make a passive."""

FILLERS = words(
    "a all already also an and around at believed both brutally by confirmed feared for from her"
    " his in inside its known later mainly mostly near now of on or outside reported reportedly"
    " said since still that the their then thought to which who with"
)
"""What may stand between those counted and what befell them, and is no verb."""

BOUNDARIES = words("after although because before but though when where whereas while")
"""What comes after these words is said of others."""

CLAUSES = words("; although but though whereas while")
"""What parts a sentence into clauses."""

LIST = words("& , also among and as including mostly or well well-as")
"""What joins the figures of a list."""

PARTS = words("among included including whom")
"""What joins a part to its whole."""

FURTHER = words("additional another extra fellow further more new other others")
"""A figure beside these words is no total."""

LEFT_SKIPPED = words("confirmed a an her him of the them total us")
"""What may stand between a verb and the figure that it governs."""

TO_A_TOTAL = words(
    "- : above at exceeded exceeding exceeds hit hits is of passed passes reached reaches"
    " reaching stands stood to topped tops was"
)
"""What joins a total to its figure: "the toll rose to 20"."""

NOT_BEFORE = words("after against by each every for from near per than under with within")
"""A figure after these words is not what the sentence is about."""

PAST = words(
    "bought brought built burnt came cut drawn drew fell found gave given gone grew held kept led"
    " lost made met paid rose sank sent shot sold spent stood sunk taken took went won"
)
"""Past forms of verbs that no ending tells."""

SAYING = words(
    "according added adding announced believed citing claimed concluded confirmed counted"
    " documented estimated including noted putting recorded reported said saying stated told"
    " warned"
)
"""Verbs that have no figure as their object."""

OF_PEOPLE = words(
    "arrested besieged disabled displaced drowned entered evacuated executed hostage infected"
    " killed missing protested released returned surrendered wounded"
)
"""Predicates that go without a noun when people are meant: "20 were killed"."""

IRREGULAR_PLURALS = words("cattle children elderly fish men people police sheep staff women")
NO_PLURALS = words("as has his is its less says this thus us was yes")
"""Words that end as plurals do."""

STOPS = AUXILIARIES | words(
    "a according across after against along also amid among an and around as at because before"
    " between both but by dead during following for from he her his hits if in including inside"
    " into it its just kills mainly more most mostly near not of on only or our outside over per"
    " reported reports said say says she since so strikes than that the their them then there"
    " these they this those through till to told under until via we when where which while who"
    " whom with within without you"
)
"""No counted noun goes on beyond these words."""
