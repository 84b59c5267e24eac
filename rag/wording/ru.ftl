# Что говорит Parallax, по-русски: об источниках и никогда об их предмете.

### Рамка страницы

tab-ask = Вопросы
tab-library = Библиотека
tab-map = Карта
tab-labels = О метках
ask-placeholder = Спросите библиотеку…
ask-label = Ваш вопрос
ask-button = Спросить

### Списки, числа и условия внутри предложений

# Длинный список складывается из «next» столько раз, сколько нужно, и одного «last».
listed-next = { $before }, { $next }
listed-last = { $before } и { $last }
every-next = { $before }, { $next }
every-last = { $before } и { $last }
either-next = { $before }, { $next }
either-last = { $before } или { $last }
and-more = { $named } и ещё { $more }
quoted = «{ $words }»

counted-conversation =
    { $number ->
        [one] { $number } беседа
        [few] { $number } беседы
       *[many] { $number } бесед
    }
counted-document =
    { $number ->
        [one] { $number } документ
        [few] { $number } документа
       *[many] { $number } документов
    }
counted-line =
    { $number ->
        [one] { $number } строка
        [few] { $number } строки
       *[many] { $number } строк
    }
counted-passage =
    { $number ->
        [one] { $number } отрывок
        [few] { $number } отрывка
       *[many] { $number } отрывков
    }
counted-question =
    { $number ->
        [one] { $number } вопрос
        [few] { $number } вопроса
       *[many] { $number } вопросов
    }
counted-quote =
    { $number ->
        [one] { $number } цитата
        [few] { $number } цитаты
       *[many] { $number } цитат
    }
counted-row =
    { $number ->
        [one] { $number } строка
        [few] { $number } строки
       *[many] { $number } строк
    }
counted-seed =
    { $number ->
        [one] { $number } документ
        [few] { $number } документа
       *[many] { $number } документов
    }
counted-source =
    { $number ->
        [one] { $number } источник
        [few] { $number } источника
       *[many] { $number } источников
    }

# Что показано вместо метки у источника, у которого её нет.
unlabelled = Без метки
# Как метка названа внутри предложения: как она есть, без склонения.
label-named = «{ $label }»

# Каков источник; стоит после слова «источник» в любом падеже и числе.
labelled = с меткой { $labels }
without-label = без метки
any-of-labels =
    { $named } или любой из ещё { $more } { $more ->
        [one] метки
       *[many] меток
    }
any-of-kinds =
    { $named } или любого из ещё { $more } { $more ->
        [one] вида
       *[many] видов
    }
of-the-kind = вида { $kinds }
published-on = с датой { $day }
published-in = с датой { $time }
published-between = с датой от { $since } до { $until }
published-since = с датой не раньше { $since }
published-up-to = с датой не позже { $until }

defect = В программе произошла ошибка.
defect-remedy = Что случилось, написано в терминале, где запущен Parallax; пожалуйста, сообщите об этой ошибке.

### Ответ в целом

asked-as = Вопрос понят так:
only-these = (только { $heard })
quotes-from =
    { $quotes ->
        [one] { $quotes } цитата
        [few] { $quotes } цитаты
       *[many] { $quotes } цитат
    } из { $sources ->
        [one] { $sources } источника
       *[many] { $sources } источников
    }:
# Рассказов меньше, чем источников: некоторые рассказывают одно и то же.
quotes-from-stories =
    { $quotes ->
        [one] { $quotes } цитата
        [few] { $quotes } цитаты
       *[many] { $quotes } цитат
    } из { $sources ->
        [one] { $sources } источника
       *[many] { $sources } источников
    }, в которых { $stories ->
        [1] один и тот же рассказ
        [one] { $stories } разный рассказ
        [few] { $stories } разных рассказа
       *[many] { $stories } разных рассказов
    }:
share = { $quotes } { $label }
match = Библиотека соответствует вашему вопросу на { $percent } %. О том, что из сказанного верно, это ничего не говорит.
# В копии: какая сборка библиотеки ответила и когда; затем адрес каждой цитаты.
answered-at = Ответ получен { $time } по сборке индекса { $build }.
answered-by = Ответ получен по сборке индекса { $build }.
link-to-quote = Ссылка на эту цитату:
order-heading = Почему именно эти цитаты и в этом порядке?
order = По близости к вопросу; позиция и источник, которым слово уже дано, в следующий раз весят меньше.

### Кому дано слово, кому нет и почему

# Стоит отдельно в скобках после слова «только» и внутри «filter-heard».
only-sources = источники { $such }
only-sources-among = источники { $titles }, но лишь { $such }
only-named =
    { $sources ->
        [1] источник
       *[other] источники
    } { $titles }

# «one» равно 1, если назван один-единственный источник, иначе 0. «rest» пусто или «filter-rest».
filter-heard =
    По вашей просьбе { $one ->
        [1] учтён
       *[other] учтены
    } только { $heard }{ $rest }.
# То же, когда через фильтр не проходит ничего.
filter-to-be-heard =
    По вашей просьбе { $one ->
        [1] годится
       *[other] годятся
    } только { $heard }{ $rest }.
filter-rest =
    ; { $sources ->
        [1] вне поиска остался
       *[other] вне поиска остались
    } { $held }{ $undated }
filter-undated = , и только из-за неизвестной даты
filter-some-undated = , из них { $undated } — из-за неизвестной даты

one-sided =
    { $quotes ->
        [1] Единственная цитата взята
        [2] Обе цитаты взяты
        [one] Все цитаты, а их { $quotes }, взяты
        [few] Все { $quotes } цитаты взяты
       *[many] Все { $quotes } цитат взяты
    } из { $sources ->
        [1] одного источника
       *[other] источников
    } { $under }.

# Источники с разными метками, списком: «3 источника с меткой «А»», затем «1 с меткой «Б»».
held-first =
    { $sources ->
        [one] { $sources } источник
        [few] { $sources } источника
       *[many] { $sources } источников
    } { $under }
held-next = { $sources } { $under }
held-of-many =
    { $sources ->
        [one] { $sources } источник
        [few] { $sources } источника
       *[many] { $sources } источников
    } под { $labels } { $labels ->
        [one] другой меткой
       *[many] другими метками
    }
standing-held =
    В этой библиотеке { $sources ->
       *[other] есть
    } { $held }
standing-searched =
    { $sources ->
       *[other] Поиск охватил
    } { $held }
unheard-near =
    { $standing }; { $sources ->
        [1] его
       *[other] их
    } лучший отрывок оказался на { $rank }-м месте и не процитирован.
unheard-far =
    { $standing }; ни один из { $sources ->
        [1] его
       *[other] их
    } отрывков не близок к вопросу настолько, чтобы его процитировать.

# Как обстоит дело с меткой: список из «fares-held», «fares-near» и «fares-quotes» или им подобных.
fares-no-source = в этой библиотеке таких источников нет
fares-not-searched =
    { $sources ->
        [one] { $sources } источник в этой библиотеке, не просмотрен
        [few] { $sources } источника в этой библиотеке, не просмотрены
       *[many] { $sources } источников в этой библиотеке, не просмотрены
    }
fares-held =
    { $sources ->
        [one] { $sources } источник
        [few] { $sources } источника
       *[many] { $sources } источников
    } в этой библиотеке
fares-searched =
    { $searched ->
        [one] просмотрен { $searched }
       *[many] просмотрено { $searched }
    }
fares-near = близких отрывков — { $passages }
fares-none-near = близких отрывков нет
fares-quotes =
    { $quotes ->
        [one] { $quotes } цитата
        [few] { $quotes } цитаты
       *[many] { $quotes } цитат
    } из { $sources ->
        [one] { $sources } источника
       *[many] { $sources } источников
    }
fares-no-quote = цитат нет
fares-left-out = { $fares }; лучший непроцитированный отрывок — на { $rank }-м месте

others-fare =
    { $labels ->
        [one] Ещё { $labels } метка
        [few] Ещё { $labels } метки
       *[many] Ещё { $labels } меток
    }: { $told }
others-no-source = без источников — { $labels }
others-not-searched = вне поиска — { $labels }
others-near = с близким отрывком — { $labels }
others-none-near = без близких отрывков — { $labels }

### Слова внутри цитат: кто там говорит и какие там числа

# «number» — сколько говорящих.
speech =
    { $reporter } (источник { $under }) передаёт чужие слова. { $number ->
        [1] Говорит
       *[other] Говорят
    } { $speakers }:
speaker-mentioned = { $speaker } («{ $mention }»)
not-named = кто-то, не названный в этой цитате
different-figures = Числа расходятся:
agreed-figures = Одно и то же число в нескольких источниках:
alike-figures = Числа, которые, возможно, совпадают:
not-quoted = выше не процитирован

### Сборки, проверки и возраст индекса

unusable = Библиотеку нельзя показать; подробности — на её вкладке
# То же самое для читателей, которые ничего с этим сделать не могут.
away = Библиотека сейчас не открывается.
away-remedy = Исправить это может её владелец.
rebuild-remedy = Перестройте индекс на вкладке «Библиотека».
up-to-date = Индекс соответствует папке с документами
seeds-away = Папка с документами не читается, поэтому нельзя сказать, соответствует ли ей индекс
changed-since = После этой сборки изменилось: { $what }
changed-settings = настройки
built-size = { $documents }, { $passages }
built = Собран индекс { $generation }: { $size } ({ $done }).
built-added = добавлено: { $files }
built-changed = изменено: { $files }
built-removed = удалено: { $files }
built-failed = не прочитано: { $files }
built-unchanged = без изменений: { $files }
built-took = { $took }. Моделью прочитано: { $encoded }; взято из прошлой сборки: { $kept }.
built-stage = { $stage } { $seconds }
took-opening = проверка прошлой сборки
took-reading = чтение
took-cutting = разбиение
took-encoding = кодирование
took-joining = сведение
took-comparing = поиск повторов
took-writing = запись
build-failed = не прочитано: { $notice }
build-note = обратите внимание: { $notice }
built-again = Индекс перестроен: { $size }.
built-at = { $sources } · сборка: { $time }
build-came-to-nothing = не удалась
build-went-back = возврат к прежней сборке: { $size }
# parallax rollback
back = Снова действует { $generation }: { $size } (файлы: { $done }).
back-next = Следующая сборка начнётся с файлов, какими они будут; сборка, которая действовала до сих пор, хранится рядом.
# parallax verify
verified-current = { $generation }, действующая
verified-kept = { $generation }, сохранённая
verified-built = сборка: { $time }
verified-whole = Все файлы ({ $files }) такие, какими были записаны.
seconds = { $seconds } с
walked =
    { $written ->
        [one] Записан { $written } источник
        [few] Записаны { $written } источника
       *[many] Записано { $written } источников
    }. Осталось без метки: { $unlabelled }, с непроверенной меткой: { $unreviewed }.
walked-next = Чтобы это вошло в индекс, выполните: parallax build
checked =
    { $sources ->
        [one] Проверен { $sources } источник
        [few] Проверены { $sources } источника
       *[many] Проверено { $sources } источников
    }: { $wrong ->
        [0] ошибок нет
        [one] исправить нужно { $wrong } место
        [few] исправить нужно { $wrong } места
       *[many] исправить нужно { $wrong } мест
    }.

### Почему библиотека не отвечает и что может сделать читатель

nearest-heading = Самое близкое в этой библиотеке, но не ответ на вопрос:

# «where» — одно из этих сочетаний, в предложном падеже.
where-library = этой библиотеке
where-sources = источниках { $such }
where-titles =
    { $sources ->
        [1] источнике
       *[other] источниках
    } { $titles }

silence-empty = Эта библиотека пуста.
silence-empty-remedy = Положите документы в папку с документами и перестройте индекс.
silence-gap = В этой библиотеке нет источников { $such }.
silence-gap-remedy = Добавьте такой источник и перестройте индекс или спросите без фильтра.
# То же, когда названы источники этой библиотеки, но их не пропускает другое условие.
silence-none-passes = В { $where } нет ничего, что прошло бы через фильтр.
silence-none-passes-remedy = Проверьте, что именно отобрано, или спросите без фильтра.
silence-filter = В { $where } ответа на этот вопрос нет; в других источниках этой библиотеки он есть.
silence-filter-remedy = Чтобы прочитать их, снимите фильтр.
silence-left-out = Эти слова есть только в том, что в ответы не входит: в меню, анонсах, голых ссылках.
silence-left-out-remedy = Посмотрите, что пропущено в каждом источнике; нужную строку может вернуть владелец библиотеки.
silence-near = В { $where } есть отрывки, близкие к этому вопросу, но ни один из них на него не отвечает.
silence-near-remedy = Прочитайте самые близкие или спросите теми словами, какими написали бы источники.
silence-nothing-near = В { $where } нет ничего близкого к этому вопросу.
silence-nothing-near-remedy = Спросите другими словами или добавьте источник на эту тему и перестройте индекс.
silence-absent = { $words }: таких слов нет ни в одном отрывке этой библиотеки, ни в какой форме. Проверьте написание или спросите на языке источников.
silence-phrase = В { $where } нет предложения с точными словами { $phrases }.
silence-phrase-remedy = Снимите кавычки, чтобы искать эти слова в любом порядке и в любой форме.

### Источник: метка и её основание, место, повторы

source-labelled = источник с меткой «{ $label }»
not-reviewed = ещё не проверено
not-reviewed-by-owner = владелец библиотеки ещё не проверил
no-label = Этому источнику ещё никто не дал метки, поэтому здесь не сказано, чью позицию он отстаивает. Дать метку может владелец библиотеки.
no-basis = Основание этой метки не записано.
doubtful-letters = похожие с виду буквы разных алфавитов
from-file = из файла
inferred = по косвенным данным
page = с. { $page }
also-in = также: { $told }
left-out-share = пропущено { $percent } %
found-of =
    { $found } из { $rows ->
        [one] { $rows } строки
       *[many] { $rows } строк
    }

basis = основание: { $basis }
basis-quote = цитата в основание: { $basis }
assigned-by = кто дал метку: { $who }
reviewed-by = кто проверил метку: { $who }
former-until = до { $day }: { $label }
formerly = прежде: { $label }
former-assigned-by = кто дал: { $who }
inferred-because = { $field } — по косвенным данным: { $why }
fields-from-file = из файла: { $fields }
field-title = заглавие
field-author = автор
field-publisher = издатель
field-published = дата публикации
field-url = адрес
field-language = язык
field-kind = вид
field-origin = происхождение
holding = { $sources } с меткой «{ $label }» (id: { $id })

same-story =
    { $documents ->
        [one] { $documents } документ рассказывает
        [few] { $documents } документа рассказывают
       *[many] { $documents } документов рассказывают
    } одно и то же: { $named } ({ $alike })
more-groups =
    и ещё { $groups ->
        [one] { $groups } группа
        [few] { $groups } группы
       *[many] { $groups } групп
    }; см. parallax sources
same-words = те же слова
alike = сходство { $percent } %
alike-or-more = сходство { $percent } % и выше

since-removed = После этого ответа источник убрали из библиотеки. Он показан таким, каким был.
since-changed = После этого ответа источник изменили. Он показан таким, каким был.

# Что стало с цитатой, на которую ведёт постоянная ссылка.
link-removed = Удалено: слов, для которых сделана эта ссылка, в этой библиотеке нет нигде; нет и источника, который в ней назван.
link-removed-since = Файла с именем из этой ссылки в библиотеке нет начиная со сборки { $time }.
link-removed-remedy = Спросите того, кто дал вам ссылку, в какой библиотеке она сделана.
link-removed-here = Удалено: слов, для которых сделана эта ссылка, теперь в этой библиотеке нет нигде. Это источник, который в ней назван.
link-intact = На месте: цитата стоит там же, где стояла, когда была сделана эта ссылка.
link-intact-elsewhere-not = На месте: цитата стоит там же, где стояла, когда была сделана эта ссылка. Другие части файла с тех пор изменились.
link-moved = Перемещено: те же слова стоят в этом источнике не там, где стояли, когда была сделана эта ссылка.
link-moved-with-its-file = Перемещено: те же слова стоят в этом источнике; когда была сделана эта ссылка, его файл назывался иначе.
link-moved-elsewhere = Перемещено: те же слова стоят в этом источнике, но в ссылке назван не он. Возможно, это тот же источник под новым именем, возможно — другой.
link-changed = Изменено: здесь стоят не те слова, для которых сделана эта ссылка. Отмечено то, что стоит между теми же словами до и после.
link-spaced = Изменено: здесь стоят те же слова, но с другими пробелами или концами строк, чем когда была сделана эта ссылка.

other-quotes =
    { $quotes ->
        [one] Ещё { $quotes } цитата из того же ответа: отмечена бледнее, со своим номером.
        [few] Ещё { $quotes } цитаты из того же ответа: отмечены бледнее, со своими номерами.
       *[many] Ещё { $quotes } цитат из того же ответа: отмечены бледнее, со своими номерами.
    }

### Метка источника на плашке и что об источнике известно (badge.html)

badge-labelled = источник с меткой { $label }
badge-unreviewed = Эта метка дана по одному лишь тексту, и владелец библиотеки её ещё не подтвердил.
known-inferred = { $value } (по косвенным данным)
known-inferred-because = { $value } (по косвенным данным: { $why })
known-from-file = { $value } (из файла)
inferred-why = по косвенным данным: { $why }

### Источник рядом с беседой (reader.html, gone.html, reader.js)

close = Закрыть
copied = Скопировано
copy-refused = Браузер этого не разрешил
reader-source = Источник
reader-find = Найти в этом источнике
reader-previous = Предыдущее место
reader-next = Следующее место
reader-found = { $at } из { $places }
reader-not-found = не найдено
reader-why-label = Почему такая метка
reader-assigned = Кто дал метку: { $who }.
reader-assigned-on = Кто дал метку: { $who }, { $day }.
reader-reviewed = Кто проверил метку: { $who }.
reader-reviewed-on = Кто проверил метку: { $who }, { $day }.
reader-former = Прежние метки этого источника:
reader-from-file = Из самого файла: { $fields }.
reader-characters = знаки с { $start } по { $end }
reader-link = Ссылка на эту цитату
reader-link-copies = Постоянный адрес: щелчок его копирует
reader-original = Открыть оригинал
reader-original-at-quote = Открыть оригинал на этой цитате
reader-leaves = (ссылка ведёт из библиотеки на сайт { $site })
reader-text = Текст источника
reader-page = Страница { $page }
reader-left-out = Пропущено: { $lines } ({ $reasons })
source-gone = Этого источника в библиотеке больше нет.
source-gone-remedy = Закройте это и посмотрите в список ещё раз.
page-forgotten = Эту страницу оставили слишком надолго, или программу запустили заново.
page-forgotten-remedy = Обновите страницу; ваши вопросы сохранены.

### Как устроены метки (labels.html)

labels-heading = Как устроены метки
labels-why = Документы о спорном расходятся между собой, и каждый написан с какой-то стороны. Поэтому каждая цитата стоит под меткой, которая говорит, чью позицию от своего лица отстаивает { $source }.
labels-why-source = её источник
labels-assigned-heading = Метку даёт человек
labels-assigned = Она записана в файле { $file }, в папке с документами, вместе с основанием, с предложением источника, которое её подтверждает, и с тем, кто и когда её дал. Программа никогда не угадывает метку и никогда её не скрывает. Откройте любой источник, и всё это будет рядом с его текстом.
labels-reviewed = Рядом с меткой, данной по одному лишь тексту, стоит { $unreviewed }, пока её не подтвердит владелец библиотеки. Если метка меняется, прежняя сохраняется вместе с датой: рядом с текстом источника видны обе.
labels-said-heading = Метка говорит об источнике, а не о словах
labels-said = Сообщение, которое ничью сторону не отстаивает, может цитировать сторонника, а сторонник — называть простой факт. Потому и написано «источник с меткой …». О том, верна ли цитата, метка не говорит ничего.
labels-unlabelled-heading = «Без метки» — тоже метка
labels-unlabelled = Источник, которому никто не дал метки, показан так: { $unlabelled }; его цитируют наравне с остальными.
labels-inferred-heading = О догадках сказано прямо
labels-inferred = Дата или автор, которых текст не называет, но которые из него следуют, отмечены словами { $inferred }; почему так, сказано на странице источника. То, что сообщает о себе только файл, отмечено словами «из файла».
labels-here-heading = Метки этой библиотеки

### Состояние библиотеки и что принесёт новая сборка (status.html, changed.html, report.html)

status-changed = { $changed } — { $rebuild }
status-rebuild = перестроить
status-building = Индекс перестраивается
changed-line = { $changed }.
changed-seeds = Документы берутся из папки { $seeds }.
files-added = добавлено
files-changed = изменено
files-removed = удалено
files-failed = не прочитано
files-not-read = не прочитано
files-told-twice = рассказано дважды
files-to-note = обратите внимание

### Далеко ли дошло дело (opening.html, progress.html)

opening-heading = Одну минуту.
opening = Библиотека открывается. Первый вопрос можно набирать уже сейчас.
progress = { $stage }: { $done } из { $total }
stage-opening-the-library = Библиотека открывается
stage-reading-seeds = Чтение документов
stage-telling-documents-from-furniture = Отделение документов от служебного текста
stage-encoding-passages = Кодирование отрывков

### До первого вопроса (welcome.html)

welcome-heading = Спросите эти источники.
welcome = Каждое слово ответа — цитата из этой библиотеки (в ней { $sources }) под меткой, которая говорит, чью позицию отстаивает источник. От себя программа не добавляет ничего. Слова, взятые в кавычки, будут в каждой цитате.
welcome-questions = С чего начать
welcome-kept = Ваши вопросы хранятся только в этом браузере, чтобы к ним можно было вернуться. Ответы не хранятся.

### Вход на страницу, открытую для других (door.html, standing.html)

door-title = Вход – Parallax
door-heading = Вход
door-sign-in = Войти
door-sign-out = Выйти
door-owner = Вы вошли как владелец этой библиотеки.
door-reader = Вам можно читать и спрашивать.
door-go = Перейти в библиотеку
door-password = С паролем можно читать и спрашивать.
door-token = С ключом владельца, который программа показывает там, где её запустили, можно ещё и добавлять, удалять, давать метки и перестраивать индекс.
door-secret = Пароль или ключ владельца
door-secret-token = Ключ владельца
door-wrong = Это не пароль и не ключ владельца.
door-too-many = Слишком много неудачных попыток. Подождите минуту и попробуйте снова.
door-overheard = Это соединение не зашифровано: всё, что вы здесь наберёте, может прочитать любой, кто прослушивает сеть.
door-ended = Срок вашего пропуска истёк.
standing-owner = Вы вошли как владелец.
standing-sign-in = Войти как владелец
not-owner = Это может делать только владелец этой библиотеки.
not-owner-remedy = Войдите с ключом владельца.

### Беседа (thread.html, figures.html, thread.js)

ask-stop = Стоп
thread-heading = Беседа
thread-question = Вопрос { $number }
thread-quote = Цитата { $number }
thread-place = Файл, а также первый и последний знак цитаты в его тексте
thread-read = Читать в источнике
thread-copy = Копировать
thread-copy-link = Копировать ссылку
thread-copy-answer = Копировать ответ
thread-edit = Изменить
thread-editing = Изменяется вопрос { $number }, «{ $question }»
thread-editing-cancel = Отменить
thread-again = Спросить снова
thread-remove = Убрать
thread-change = Исправить
thread-answered-anew = С тех пор как вы впервые это спросили, индекс перестроили; показано то, что в библиотеке есть сейчас.
thread-broke = Программа не отвечает: её завершили, или пропала связь. Как только она ответит, страница загрузится снова; ваш вопрос сохранён.
thread-failed = Это не удалось. Попробуйте ещё раз.
thread-stopped = Вы остановили поиск до ответа.
thread-searching = Поиск в библиотеке…
thread-nearest = Показать самое близкое, хотя это не ответ
figures-figure = Число
figures-source = Источник
figures-label = Метка
figures-date = Дата
figures-more = ещё { $more }

### Беседы, которые хранит браузер (conversations.html)

conversations-new = Новая беседа
conversations-export = Экспорт
conversations-title = Название
conversations-rename = Переименовать
conversations-delete = Удалить
conversations-delete-all = Удалить все
conversations-kept =
    Ваши вопросы хранятся только в этом браузере, не больше чем из { $most ->
        [one] { $most } беседы
       *[many] { $most } бесед
    }; в библиотеке от них не остаётся ничего. Ответы не хранятся: когда вы вернётесь, вопросы будут заданы заново. Начатый вопрос и выбранные фильтры хранятся, пока открыта эта вкладка.
conversations-leaving = Больше хранить нельзя: следующая беседа займёт место самой старой, «{ $title }». Если она вам нужна, откройте её и сохраните через экспорт.
conversations-deleted = Удалено: { $what }
conversations-one = беседа «{ $title }»
conversations-one-question = вопрос «{ $question }»
conversations-all = все беседы, { $number }
conversations-undo = Вернуть

### Фильтры и те из них, что действуют (filters.html, acting.html)

filters-heading = Фильтры
filters-labels = Только источники с меткой
filters-sources = Только эти источники
filters-find = Найти источник
filters-kinds = Только эти виды
filters-dates = Дата публикации
filters-since = с
filters-until = по
filters-wrong-date = Напишите год (2020), месяц (2020-10) или день (2020-10-21), более раннюю дату первой.
acting-heading = Действующие фильтры
acting-sources = источник { $name }
acting-kinds = вид { $name }
acting-since = с { $name }
acting-until = по { $name }
acting-remove = убрать этот фильтр
acting-clear = Снять все фильтры
acting-not-kept = Выбрано так много, что вопрос, заданный с этим выбором, в списке бесед не сохранится.
acting-no-date = { $dates }: это не дата, поэтому фильтр не действует.
acting-no-day-between = { $dates }: между ними нет ни одного дня, поэтому фильтр не действует.

### Библиотека (library.html, library_tab.py)

library-rebuild = Перестроить индекс
library-rebuilding = Индекс строится…
library-removed = Удалено, до следующей сборки можно вернуть:
library-put-back = Вернуть
library-find = Найти
library-find-in = заглавие, файл, автор или издатель
library-label = Источники с меткой
library-any-label = любая или никакой
library-list = Источники
library-column-title = Заглавие
library-column-label = Метка источника
library-column-kind = Вид
library-column-published = Дата
library-column-pages = Страницы
library-column-passages = Отрывки
library-column-warnings = Замечания
library-sort-by = Порядок
library-line = строка { $line }: { $told }
library-read-in-part = прочитано не всё
library-unread = не удалось прочитать
library-gone = удалено: исчезнет при следующей сборке
# Стоят после своего числа.
library-unit-pages =
    { $number ->
        [one] страница
        [few] страницы
       *[many] страниц
    }
library-unit-passages =
    { $number ->
        [one] отрывок
        [few] отрывка
       *[many] отрывков
    }
library-unit-warnings =
    { $number ->
        [one] замечание
        [few] замечания
       *[many] замечаний
    }
library-details = Подробнее
library-details-of = об источнике { $number }
library-none-found = Таких источников нет.
page-before = Назад
page-next = Дальше
page-of = { $page } из { $pages }

### Добавление файлов (adding.html, adding.js, uploads.py)

adding = { $choose } или перетащите файлы сюда.
adding-choose = Добавить документы…
adding-needs-owner = Чтобы добавлять, удалять, давать метки и перестраивать индекс, нужен ключ владельца.
adding-list = Добавляемые файлы
adding-sent = Сколько отправлено: { $file }
adding-cancel = Отменить
adding-cancel-of = Отменить: { $file }
adding-cancelled = Отменено.
adding-connection-broke = Соединение прервалось. Добавьте файл ещё раз.
adding-most = В файле может быть не больше { $most } МБ.
adding-too-large = не добавлено: больше { $most } МБ
adding-too-large-remedy = Разделите файл или разрешите больше через PARALLAX_MAX_FILE_MEGABYTES.
adding-sign-in = Войдите снова
adding-refused = Сервер ответил: { $status }.
upload-added = добавлено в папку с документами.
upload-same = уже есть, и с теми же байтами.
upload-rebuild = Чтобы спрашивать и этот документ, перестройте индекс.
upload-broke-off = не добавлено: передача прервалась.
upload-again = Добавьте файл ещё раз.

### Развёрнутая строка (details.html)

details-needs-owner = Чтобы менять библиотеку, нужен ключ владельца.
details-left-out = Что пропущено
details-left-out-runs = Что пропущено ({ $runs })
details-runs = Пропущенные строки
details-line = Строка { $line }
details-lines = Строки с { $first } по { $last }
details-kept = войдёт в ответы со следующей сборки
details-keep = Вернуть в текст
details-leave-out = Снова пропускать
details-more = и ещё { $more }. Все они есть в самом источнике, в свёрнутом виде.
details-nothing-left-out = Ничего: поиск идёт по всему тексту.
details-label = Метка
details-waiting = Со следующей сборки: { $label }.
details-unconfirmed = Эту метку ещё никто не подтвердил.
details-whole =
    { $sources ->
        [one] Она дана всему файлу { $file }, а в нём { $sources } источник.
        [few] Она дана всему файлу { $file }, а в нём { $sources } источника.
       *[many] Она дана всему файлу { $file }, а в нём { $sources } источников.
    }
details-confirm = Подтвердить
details-label-it = Дать метку
details-label-anew = Дать другую метку
details-choose = Выберите…
details-another = Другую, ещё не объявленную…
details-perspective = Чью позицию источник отстаивает от своего лица?
details-new-label = Название метки
details-new-label-hint = как оно будет стоять на плашке
details-description = Что отстаивают её источники
details-description-hint = одним предложением
details-basis = Основание
details-basis-hint = по чему это видно в его собственных словах
details-quote = Предложение источника, которое это показывает (необязательно)
details-quote-hint = буква в букву
details-by = Кто даёт метку
details-by-hint = ваше имя
details-kind = Вид текста (необязательно)
details-kind-hint = новость, мнение, письмо…
details-origin = Происхождение, если это копия (необязательно)
details-origin-hint = откуда взят текст
details-removing = Удаление
details-file = Файл
details-removed = { $file } — удалено, исчезнет при следующей сборке.
details-no-seed = В папке с документами его нет.
details-remove = Удалить…
details-remove-file = Удалить весь файл…
details-remove-sure = Удалить { $file }?
details-remove-holds =
    { $sources ->
        [one] В нём { $sources } источник, который уйдёт вместе с ним: { $names }.
        [few] В нём { $sources } источника, которые уйдут вместе с ним: { $names }.
       *[many] В нём { $sources } источников, которые уйдут вместе с ним: { $names }.
    }
details-remove-moved = Он не стирается, а переносится в папку .removed рядом с документами, и до следующей сборки его можно вернуть.
details-remove-yes = Удалить
details-remove-no = Оставить

### Что сделал владелец и что ему ещё нужно заполнить (owning.py)

owning-later = Это вступит в силу со следующей сборки.
owning-kept = Возвращено в текст.
owning-left-out = Снова пропускается.
owning-labelled = Метка дана: { $label }.
owning-confirmed = Метка подтверждена, кем: { $who }.
owning-removed = { $file } — удалено.
owning-restored = { $file } — снова на месте.
owning-look-again = Посмотрите ещё раз.
owning-look-at-list = Посмотрите в список ещё раз.
owning-nothing-left-out = { $document }: там уже ничего не пропущено.
owning-file-changed = { $document }: файл после этой сборки изменился.
owning-file-changed-remedy = Перестройте индекс и посмотрите на строки ещё раз.
owning-label-changed = Тем временем кто-то сменил метку.
owning-label-changed-remedy = Показано, какая она теперь.
owning-no-seed = { $document }: в папке с документами этого больше нет.
owning-needs-perspective = Выберите, чью позицию источник отстаивает от своего лица.
owning-needs-label = Новой позиции нужна метка.
owning-means-none = Так показаны источники, у которых метки нет; выберите другую.
owning-needs-basis = Метке нужно основание: по чему она видна в собственных словах источника.
owning-wrong-quote = В источнике нет этих слов в таком порядке; скопируйте их оттуда.
owning-needs-name = Нужно имя того, кто даёт метку.
owning-needs-confirmer = Кто её подтверждает? Нужно имя.
owning-too-long = Слишком длинно: здесь помещается самое большее { $most } знаков.

### Прежние сборки (builds.html)

builds-heading = Прежние сборки
builds-added = добавлено { $number }: { $names }
builds-changed = изменено { $number }: { $names }
builds-removed = удалено { $number }: { $names }
builds-failed = не прочитано { $number }: { $names }

### Карта и список под ней (map.html, nearest.html, map.js)

map-heading = Карта
map-heading-of = Карта: { $sources }
map-empty = В библиотеке ещё нет источников. Добавьте их на вкладке «Библиотека» и перестройте индекс.
map-failed = Карту не удалось загрузить. То же самое сказано в списке ниже.
map-time = Позиции во времени
map-time-plot = Источники по меткам и датам, годы с { $first } по { $last }. То же самое сказано в списке под картами.
map-time-marks = Каждая отметка — источник: она стоит у времени публикации, под меткой источника. Полоса — месяц или год, если день неизвестен; тогда отметка стоит посередине.
map-time-undated = Даты нет у { $undated } из { $sources }; такие отметки стоят отдельно, справа.
map-time-numbered = Числа — это номера из списка ниже.
map-time-click = Чтобы прочитать источник, щёлкните по его отметке.
map-time-none = Ни у одного источника этой библиотеки нет даты, поэтому во времени показать нечего. Даты записываются как { $field } в файле { $file }.
map-no-date = без даты
map-near = Насколько источники близки друг к другу
map-near-labels = Метки
map-near-plot = Источники на плоскости, близкие рядом друг с другом. В списке ниже для каждого сказано, какие к нему ближе всего.
map-near-means = Близкие — значит похожие словами, а не единодушные:
map-near-meaning = { $near } источники, которые спорят об одних и тех же событиях, лежат рядом.
map-near-whole = На плоскости нет ни верха, ни левой стороны, только расстояния; два измерения передают { $percent } % различий между этими источниками.
map-near-in-part = На плоскости нет ни верха, ни левой стороны, только расстояния; два измерения передают { $percent } % различий между этими источниками, и где плоскость расходится со списком ниже, прав список.
map-near-unplaced = Места нет у { $unplaced } из { $sources }, потому что их текст в поиске не участвует.
map-near-more-labels = Меток больше, чем видов отметок: наведите указатель, чтобы увидеть метку.
map-near-one = Источник здесь один, и сравнивать его не с чем.
map-near-none = Источников, чей текст участвует в поиске, меньше двух, и сравнивать нечего.
nearest-list = Каждый источник и самые близкие к нему
nearest-cosine = Число после источника — косинус двух источников: 1, если слова те же, 0, если в словах нет ничего общего.
nearest-found = { $sources }, страница { $page } из { $pages }
nearest-to = самые близкие к источнику { $number }
nearest-unplaced = Его текст в поиске не участвует, поэтому места на плоскости у него нет.

### Почему текст пропущен: причины, которые известны под этими английскими словами

reason-appeal-for-support-or-subscriptions = призыв поддержать или подписаться
reason-author-box = сведения об авторе
reason-bare-reference = голая ссылка
reason-beside-the-document = стоит рядом с документом
reason-comment-form = форма для комментариев
reason-copyright-line = строка об авторских правах
reason-counter = счётчик
reason-editor-s-credit = кто редактировал
reason-foot-of-the-page = низ страницы
reason-form-field = поле формы
reason-front-matter = заголовок файла
reason-head-of-the-page = верх страницы
reason-kept-by-the-owner-of-the-library = возвращено владельцем библиотеки
reason-left-out-by-the-owner-of-the-library = исключено владельцем библиотеки
reason-line-above-the-document = строка над документом
reason-line-below-the-document = строка под документом
reason-line-of-the-site = строка сайта
reason-links-to-other-pages = ссылки на другие страницы
reason-menu = меню
reason-navigation = навигация
reason-not-shown-by-a-browser = браузер этого не показывает
reason-publisher-s-disclaimer = оговорка издателя
reason-quoted-from-an-earlier-mail = цитата из прежнего письма
reason-readers-comments = комментарии читателей
reason-repeats-an-earlier-block = повторяет сказанное выше
reason-several-short-things-on-one-line = несколько коротких записей в одной строке
reason-short-line-among-short-lines = короткая строка среди коротких
reason-short-line-beside-furniture = короткая строка рядом со служебным текстом
reason-short-line-between-other-things = короткая строка между другими
reason-signature = подпись
reason-stands-more-than-once = стоит не один раз
reason-table-of-contents = оглавление
reason-teaser-for-another-page = анонс другой страницы
reason-teasers-for-other-pages = анонсы других страниц
reason-text-apart-from-the-document = текст отдельно от документа
reason-words-of-a-site-s-navigation = слова из навигации сайта
