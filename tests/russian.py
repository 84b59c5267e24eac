"""A small library in Russian, file names and all: a Latin letter of a page is the program's own."""

from tests.making import Files

RUSSIAN: Files = {
    "совет.txt": (
        "Главная\nПоиск\nКарта сайта\nВойти\nКонтакты\n\n"
        "Городской совет закрыл гавань Ломвика для траулеров в 1974 году.\n"
        "В последний год траулеры выловили в гавани 400 тонн сельди.\n"
        "Совет обещал, что сельдь вернётся за десять лет, потому что никто больше не будет её"
        " тралить.\n"
        "Ада Берг заявила: «Закрытие гавани спасло нашу сельдь».\n"
    ),
    "рыбаки.txt": (
        "Гавань Ломвика закрыли для траулеров в 1975 году, не спросив ни одного рыбака.\n"
        "В последний год траулеры выловили в гавани 700 тонн сельди.\n"
        "Сорок лодок продали, и их команды покинули побережье.\n"
    ),
    "пересказ.txt": (
        "Гавань Ломвика закрыли для траулеров в 1975 году, не спросив ни одного рыбака.\n"
        "В последний год траулеры выловили в гавани 700 тонн сельди.\n"
        "Сорок лодок продали, и их команды покинули побережье.\n"
    ),
    "маяк.md": "Маяк Ломвика выкрашен в зелёный цвет, написал один путешественник.\n",
    "sources.toml": """
[perspectives.za]
label = "За закрытие"
description = "Гавань нужно было закрыть."

[perspectives.protiv]
label = "Против закрытия"

[perspectives.uchonye]
label = "Учёные"

[[sources]]
file = "совет.txt"
title = "Протокол совета"
author = "Ада Берг"
publisher = "Совет Ломвика"
published = "1976"
kind = "протокол"
origin = "из архива"
perspective = "za"
basis = "Он защищает закрытие."
basis_quote = "Закрытие гавани спасло нашу сельдь"
assigned_by = "Ада Берг"
assigned_on = 2020-02-01
reviewed_by = "Бу"
reviewed_on = 2020-03-01
inferred = { author = "так подписано" }

[[sources.history]]
perspective = "uchonye"
basis = "Прежнее основание."
assigned_by = "Ада Берг"
until = 2020-01-31

[[sources]]
file = "рыбаки.txt"
title = "Письмо рыбаков"
published = "1975-03-01"
kind = "письмо"
perspective = "protiv"
basis = "Оно жалуется на закрытие."
assigned_by = "Ада Берг, from the text alone"

[questions]
ask = ["Когда закрыли гавань Ломвика?"]
""",
}
"""Sources with labels, without, reviewed and not; one is told twice, two differ in a figure."""

WHEN_CLOSED = "Когда закрыли гавань Ломвика для траулеров?"
HOW_MUCH = "Сколько сельди выловили траулеры в гавани?"
ELSEWHERE = "Кто выиграл шахматную олимпиаду в Буэнос-Айресе?"
