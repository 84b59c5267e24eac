# What Parallax says, in English: about sources, never about their subject.

### The frame of the page

tab-ask = Ask
tab-library = Library
tab-map = Map
tab-labels = How labels work
ask-placeholder = Ask the library…
ask-label = Your question
ask-button = Ask

### Lists, numbers and conditions within sentences

# A list of more than two is made of "next" again and again, then "last".
listed-next = { $before }, { $next }
listed-last = { $before } and { $last }
every-next = { $before } and { $next }
every-last = { $before } and { $last }
either-next = { $before } or { $next }
either-last = { $before } or { $last }
and-more = { $named } and { $more } more
quoted = “{ $words }”

counted-conversation =
    { $number ->
        [one] { $number } conversation
       *[other] { $number } conversations
    }
counted-document =
    { $number ->
        [one] { $number } document
       *[other] { $number } documents
    }
counted-line =
    { $number ->
        [one] { $number } line
       *[other] { $number } lines
    }
counted-passage =
    { $number ->
        [one] { $number } passage
       *[other] { $number } passages
    }
counted-question =
    { $number ->
        [one] { $number } question
       *[other] { $number } questions
    }
counted-quote =
    { $number ->
        [one] { $number } quote
       *[other] { $number } quotes
    }
counted-row =
    { $number ->
        [one] { $number } row
       *[other] { $number } rows
    }
counted-seed =
    { $number ->
        [one] { $number } seed
       *[other] { $number } seeds
    }
counted-source =
    { $number ->
        [one] { $number } source
       *[other] { $number } sources
    }

# What a source without a label shows in place of one.
unlabelled = Unlabelled
# How a label is named in a sentence.
label-named = { $label }

# What a source is; stands after "source" or "sources", in any case.
labelled = labelled { $labels }
without-label = without a label
any-of-labels = { $named } or any of { $more } more labels
any-of-kinds = { $named } or any of { $more } more kinds
of-the-kind = of the kind { $kinds }
published-on = published on { $day }
published-in = published in { $time }
published-between = published from { $since } to { $until }
published-since = published since { $since }
published-up-to = published up to { $until }

defect = The program failed at this.
defect-remedy = What happened stands in the terminal where Parallax runs; please report it as a defect.

### An answer as a whole

asked-as = Asked as:
only-these = (only { $heard })
quotes-from =
    { $quotes ->
        [one] { $quotes } quote
       *[other] { $quotes } quotes
    } from { $sources ->
        [one] { $sources } source
       *[other] { $sources } sources
    }:
# Fewer stories than sources: some sources tell the same one.
quotes-from-stories =
    { $quotes ->
        [one] { $quotes } quote
       *[other] { $quotes } quotes
    } from { $sources ->
        [one] { $sources } source
       *[other] { $sources } sources
    } that tell { $stories ->
        [1] the same story
       *[other] { $stories } stories
    }:
share = { $quotes } { $label }
match = How closely the library matches your question: { $percent } %. This says nothing about what is true.
# In a copy: which build of the library answered, and when; then, of each quote, its address.
answered-at = Answered on { $time }, from the build { $build } of the index.
answered-by = Answered from the build { $build } of the index.
link-to-quote = Link to this quote:
order-heading = Why these quotes, in this order?
order = By relevance; a perspective, and a source, that has been heard counts for less the next time.

### Who is heard, who is not, and why

# Stands alone in brackets after "only", and in "filter-heard".
only-sources = sources { $such }
only-sources-among = sources among { $titles }, { $such }
only-named =
    { $sources ->
        [1] the source
       *[other] the sources
    } { $titles }

# "one" is 1 for a single source that was named, and else 0. "rest" is empty, or "filter-rest".
filter-heard =
    Only { $heard } { $one ->
        [1] was
       *[other] were
    } heard, as you asked{ $rest }.
# The same where nothing passed the filter.
filter-to-be-heard =
    Only { $heard } { $one ->
        [1] was
       *[other] were
    } to be heard, as you asked{ $rest }.
filter-rest =
    ; { $held } { $sources ->
        [one] was
       *[other] were
    } not searched{ $undated }
filter-undated = , for want of a date
filter-some-undated = , { $undated } of them for want of a date

one-sided =
    { $quotes ->
        [1] The only quote comes
        [2] Both quotes come
       *[other] All { $quotes } quotes come
    } from { $sources ->
        [1] one source
       *[other] sources
    } { $under }.

# Sources of some labels, a list: "3 sources labelled A", then "1 labelled B".
held-first =
    { $sources ->
        [one] { $sources } source
       *[other] { $sources } sources
    } { $under }
held-next = { $sources } { $under }
held-of-many =
    { $sources ->
        [one] { $sources } source
       *[other] { $sources } sources
    } of { $labels } other labels
standing-held =
    { $held } { $sources ->
        [one] is
       *[other] are
    } in this library
standing-searched =
    { $held } { $sources ->
        [one] was
       *[other] were
    } searched
unheard-near =
    { $standing }; { $sources ->
        [1] its
       *[other] their
    } best passage stood at rank { $rank } and is not quoted.
unheard-far =
    { $standing }; none of { $sources ->
        [1] its
       *[other] their
    } passages came near enough to be quoted.

# How a label fares: a list of "fares-held", "fares-near" and "fares-quotes", or of their like.
fares-no-source = no source in this library
fares-not-searched =
    { $sources ->
        [one] { $sources } source
       *[other] { $sources } sources
    } in this library, not searched
fares-held =
    { $sources ->
        [one] { $sources } source
       *[other] { $sources } sources
    } in this library
fares-searched = { $searched } searched
fares-near =
    { $passages ->
        [one] { $passages } passage
       *[other] { $passages } passages
    } came near
fares-none-near = no passage came near
fares-quotes =
    { $quotes ->
        [one] { $quotes } quote
       *[other] { $quotes } quotes
    } from { $sources ->
        [one] { $sources } source
       *[other] { $sources } sources
    }
fares-no-quote = no quote
fares-left-out = { $fares }; the best passage left out stood at rank { $rank }

others-fare =
    { $labels ->
        [one] { $labels } other label
       *[other] { $labels } other labels
    }: { $told }
others-no-source = { $labels } without a source
others-not-searched = { $labels } not searched
others-near = { $labels } with a passage near
others-none-near = { $labels } with none near

### The words inside quotes: who speaks there, and which figures stand there

# "number" says how many speakers there are.
speech =
    { $reporter } (source { $under }) { $number ->
       *[other] reports
    } { $speakers }:
speaker-mentioned = { $speaker } (“{ $mention }”)
not-named = a speaker not named in this quote
different-figures = Different figures:
agreed-figures = The same figure in several sources:
alike-figures = Figures that may be the same:
not-quoted = not quoted above

### Builds, checks, and how old an index is

unusable = The library cannot be shown; see its tab
# The same, to readers who can do nothing about it.
away = The library cannot be opened just now.
away-remedy = Its owner can mend that.
rebuild-remedy = Rebuild the index on the Library tab.
up-to-date = The index is up to date with the seeds
seeds-away = The folder of seeds cannot be read, so nobody can tell whether the index is up to date
changed-since = { $what } changed since this build
changed-settings = the settings
built-size = { $documents }, { $passages }
built = Built { $generation }: { $size } ({ $done }).
built-added = { $files } added
built-changed = { $files } changed
built-removed = { $files } removed
built-failed = { $files } failed
built-unchanged = { $files } unchanged
built-took = { $took }. The model read { $encoded }; taken over: { $kept }.
built-stage = { $stage } { $seconds }
took-opening = checking the last build
took-reading = reading
took-cutting = cutting
took-encoding = encoding
took-joining = putting together
took-comparing = finding near duplicates
took-writing = writing
build-failed = failed: { $notice }
build-note = note: { $notice }
built-again = The index is rebuilt: { $size }.
built-at = { $sources } · built { $time }
build-came-to-nothing = failed
build-went-back = went back to an earlier build: { $size }
# parallax rollback
back = Back at { $generation }: { $size } (seeds: { $done }).
back-next = The next build starts from the seeds as they are; the build that was current is kept beside it.
# parallax verify
verified-current = { $generation }, current
verified-kept = { $generation }, kept
verified-built = built { $time }
verified-whole = All { $files } files are as they were written.
seconds = { $seconds } s
walked =
    { $written ->
        [one] { $written } source
       *[other] { $written } sources
    } written. Left: { $unlabelled } without a label, { $unreviewed } not yet reviewed.
walked-next = To bring it into the index, run: parallax build
checked =
    { $sources ->
        [one] { $sources } source
       *[other] { $sources } sources
    } checked: { $wrong ->
        [0] nothing wrong
        [one] { $wrong } thing to correct
       *[other] { $wrong } things to correct
    }.

### Why a library does not answer, and what a reader can do

nearest-heading = Nearest in this library, not an answer to the question:

# "where" is one of these.
where-library = this library
where-sources = the sources { $such }
where-titles =
    { $sources ->
        [1] the source
       *[other] the sources
    } { $titles }

silence-empty = This library is empty.
silence-empty-remedy = Put documents into the folder of seeds, and rebuild the index.
silence-gap = This library holds no source { $such }.
silence-gap-remedy = Add such a source and rebuild the index, or ask without the filter.
# The same where sources of the library were asked for, and another condition leaves them out.
silence-none-passes = Nothing of { $where } passes the filter.
silence-none-passes-remedy = Look at what was asked for, or ask without the filter.
silence-filter = Nothing in { $where } answers this question; other sources of this library do.
silence-filter-remedy = Take the filter off to read them.
silence-left-out = Only what is left out of answers (menus, teasers, bare references) holds these words.
silence-left-out-remedy = Look at what was left out of each source; the library's owner can keep a line of it.
silence-near = Passages of { $where } come near this question, but none of them answers it.
silence-near-remedy = Read the nearest ones, or ask in words that the sources would use.
silence-nothing-near = Nothing in { $where } comes near this question.
silence-nothing-near-remedy = Ask in other words, or add a source about it and rebuild the index.
silence-absent = No passage of this library holds { $words }, in any form: look at the spelling, or ask in the language of the sources.
silence-phrase = No sentence of { $where } holds the exact words { $phrases }.
silence-phrase-remedy = Take the quotation marks off to look for the words in any order and form.

### A source: its label with the basis, its place, its copies

source-labelled = source labelled { $label }
not-reviewed = not yet reviewed
not-reviewed-by-owner = not yet reviewed by the library's owner
no-label = Nobody has labelled this source yet, so whose position it argues for is not said here. The library's owner can label it.
no-basis = No basis is written for this label.
doubtful-letters = letters of alphabets that look alike
from-file = from the file
inferred = inferred
page = page { $page }
also-in = also in { $told }
left-out-share = { $percent }% left out
found-of =
    { $found } of { $rows ->
        [one] { $rows } row
       *[other] { $rows } rows
    }

basis = basis: { $basis }
basis-quote = basis quote: { $basis }
assigned-by = assigned by: { $who }
reviewed-by = reviewed by: { $who }
former-until = until { $day }: { $label }
formerly = formerly: { $label }
former-assigned-by = assigned by { $who }
inferred-because = { $field } inferred: { $why }
fields-from-file = from the file: { $fields }
field-title = title
field-author = author
field-publisher = publisher
field-published = published
field-url = url
field-language = language
field-kind = kind
field-origin = origin
holding = { $sources } labelled { $label } (id: { $id })

same-story =
    { $documents ->
        [one] { $documents } document tell
       *[other] { $documents } documents tell
    } the same story: { $named } ({ $alike })
more-groups =
    and { $groups ->
        [one] { $groups } more group
       *[other] { $groups } more groups
    }; see parallax sources
same-words = the same words
alike = { $percent } % alike
alike-or-more = { $percent } % alike or more

since-removed = Since this answer the source was taken out of the library. It is shown as it was.
since-changed = Since this answer the source was changed. It is shown as it was.

# What has become of a permanent link's quote.
link-removed = Removed: the words that this link was made for stand nowhere in this library, and the source that it names is not here either.
link-removed-since = Since the build of { $time } the library has held no file of the name that the link gives.
link-removed-remedy = Ask whoever gave you the link which library it was made in.
link-removed-here = Removed: the words that this link was made for stand nowhere in this library now. This is the source that it names.
link-intact = Intact: the quote stands where it stood when this link was made.
link-intact-elsewhere-not = Intact: the quote stands where it stood when this link was made. Other parts of the file are not as they were.
link-moved = Moved: the same words stand at another place in this source than when this link was made.
link-moved-with-its-file = Moved: the same words stand in this source, whose file had another name when this link was made.
link-moved-elsewhere = Moved: the same words stand in this source, which is not the one that this link names. It may be that one under a new name, or another.
link-changed = Changed: other words stand here than those that this link was made for. Marked is what stands between the same words before and after.
link-spaced = Changed: the same words stand here, with other spaces or line ends between them than when this link was made.

other-quotes =
    { $quotes ->
        [one] { $quotes } other quote of the same answer: marked lightly, with its number.
       *[other] { $quotes } other quotes of the same answer: marked lightly, with their numbers.
    }

### A source's badge, and what is known of the source (badge.html)

badge-labelled = source labelled { $label }
badge-unreviewed = This label was assigned from the text alone, and the library's owner has not confirmed it.
known-inferred = { $value } (inferred)
known-inferred-because = { $value } (inferred: { $why })
known-from-file = { $value } (from the file)
inferred-why = inferred: { $why }

### A source beside the conversation (reader.html, gone.html, reader.js)

close = Close
copied = Copied
copy-refused = The browser did not allow it
reader-source = Source
reader-find = Find in this source
reader-previous = Previous place
reader-next = Next place
reader-found = { $at } of { $places }
reader-not-found = not found
reader-why-label = Why this label
reader-assigned = Assigned by { $who }.
reader-assigned-on = Assigned on { $day } by { $who }.
reader-reviewed = Reviewed by { $who }.
reader-reviewed-on = Reviewed on { $day } by { $who }.
reader-former = Former labels of this source:
reader-from-file = From the file itself: { $fields }.
reader-characters = characters { $start } to { $end }
reader-link = Link to this quote
reader-link-copies = A permanent address: a click copies it
reader-original = Open the original
reader-original-at-quote = Open the original at this quote
reader-leaves = (leaves this library, for { $site })
reader-text = Text of the source
reader-page = Page { $page }
reader-left-out = { $lines } left out: { $reasons }
source-gone = This source is not in the library any more.
source-gone-remedy = Close this, and look at the list again.
page-forgotten = This page was left for too long, or the program was started anew.
page-forgotten-remedy = Reload the page; your questions are kept.

### How labels work (labels.html)

labels-heading = How labels work
labels-why = Documents on a contested matter disagree, and each is written from somewhere. So every quote stands under a label that says whose position { $source } argues for in its own voice.
labels-why-source = its source
labels-assigned-heading = A label is assigned by a person
labels-assigned = It is written in { $file }, in the folder of the documents, with the reason for it, a sentence of the source that supports it, and who assigned it when. The program never guesses a label and never hides one. Open any source to see all of this beside its text.
labels-reviewed = A label that was assigned from the text alone shows { $unreviewed } until the library's owner confirms it. A label that changes keeps its former value with the day: both stand beside the source's text.
labels-said-heading = It is said of the source, not of the words
labels-said = A report that argues for nobody may quote a partisan, and a partisan may state a plain fact. Hence “source labelled …”. A label says nothing about whether a quote is true.
labels-unlabelled-heading = Unlabelled is a label too
labels-unlabelled = A source that nobody has labelled shows { $unlabelled } and is quoted like all others.
labels-inferred-heading = Inferred is said
labels-inferred = A date or an author that the text does not state, but that follows from it, is marked { $inferred }; the source's page gives the reason. What only the file says of itself is marked “from the file”.
labels-here-heading = The labels of this library

### The state of the library, and what a rebuild brings (status.html, changed.html, report.html)

status-changed = { $changed }: { $rebuild }
status-rebuild = rebuild
status-building = The index is being rebuilt
changed-line = { $changed }.
changed-seeds = Documents come from the folder { $seeds }.
files-added = added
files-changed = changed
files-removed = removed
files-failed = failed
files-not-read = not read
files-told-twice = told twice
files-to-note = to note

### How far something has come (opening.html, progress.html)

opening-heading = One moment.
opening = The library is being opened. Your first question can be typed already.
progress = { $stage }: { $done } of { $total }
stage-opening-the-library = Opening the library
stage-reading-seeds = Reading seeds
stage-telling-documents-from-furniture = Telling documents from furniture
stage-encoding-passages = Encoding passages

### Before the first question (welcome.html)

welcome-heading = Ask these sources.
welcome = Every word of an answer is a quote from this library of { $sources }, under a label that says whose position its source argues for. The program adds nothing of its own. Words that you put in quotation marks must stand in every quote.
welcome-questions = Questions to begin with
welcome-kept = Your questions are kept in this browser only, so that you can come back to them. Answers are not kept.

### The door of a shared page (door.html, standing.html)

door-title = Sign in – Parallax
door-heading = Sign in
door-sign-in = Sign in
door-sign-out = Sign out
door-owner = You are signed in as the owner of this library.
door-reader = You may read and ask.
door-go = Go to the library
door-password = The password lets you read and ask.
door-token = The owner's token, which the program shows where it was started, lets you add, label, remove and rebuild as well.
door-secret = Password, or the owner's token
door-secret-token = The owner's token
door-wrong = That is neither the password nor the owner's token.
door-too-many = Too many attempts have failed. Wait a minute, then try again.
door-overheard = This connection is not encrypted: whoever can listen on the network can read what you type here.
door-ended = Your pass has ended.
standing-owner = You are signed in as the owner.
standing-sign-in = Sign in as the owner
not-owner = Only the owner of this library may do that.
not-owner-remedy = Sign in with the owner's token.

### The conversation (thread.html, figures.html, thread.js)

ask-stop = Stop
thread-heading = Conversation
thread-question = Question { $number }
thread-quote = Quote { $number }
thread-place = File, and the first and last position of the quote in its text
thread-read = Read in source
thread-copy = Copy
thread-copy-link = Copy link
thread-copy-answer = Copy answer
thread-edit = Edit
thread-editing = Editing question { $number }, “{ $question }”
thread-editing-cancel = Cancel
thread-again = Ask again
thread-remove = Remove
thread-change = Change
thread-answered-anew = The library was rebuilt after you first asked this; this is what it holds now.
thread-broke = The program cannot be reached. It was ended, or the connection is gone. The page is loaded again as soon as it answers; your question is kept.
thread-failed = That could not be done. Try again.
thread-stopped = You stopped this before it was answered.
thread-searching = Searching the library…
thread-nearest = Show what is nearest, though it does not answer
figures-figure = Figure
figures-source = Source
figures-label = Label
figures-date = Date
figures-more = { $more } more

### The conversations that a browser keeps (conversations.html)

conversations-new = New conversation
conversations-export = Export
conversations-title = Title
conversations-rename = Rename
conversations-delete = Delete
conversations-delete-all = Delete all
conversations-kept =
    Your questions are kept in this browser only, up to { $most ->
        [one] { $most } conversation
       *[other] { $most } conversations
    }; the library keeps nothing of them. Answers are not kept: when you come back, your questions are asked again. What you have begun to type and the filters you chose last as long as this tab.
conversations-leaving = No more can be kept: the next conversation takes the place of the oldest, “{ $title }”. Open and export it if you need it.
conversations-deleted = Deleted: { $what }
conversations-one = the conversation “{ $title }”
conversations-one-question = the question “{ $question }”
conversations-all = all { $number }
conversations-undo = Undo

### The filters, and those that act (filters.html, acting.html)

filters-heading = Filters
filters-labels = Hear only sources labelled
filters-sources = Only these sources
filters-find = Find a source
filters-kinds = Only these kinds
filters-dates = Published
filters-since = from
filters-until = until
filters-wrong-date = Write a year (2020), a month (2020-10) or a day (2020-10-21), the earlier date first.
acting-heading = Filters that act
acting-sources = source { $name }
acting-kinds = kind { $name }
acting-since = from { $name }
acting-until = until { $name }
acting-remove = remove this filter
acting-clear = Clear filters
acting-not-kept = So much is chosen that a question asked like this is not kept in the list of conversations.
acting-no-date = { $dates }: not a date, so it does not act.
acting-no-day-between = { $dates }: no day lies between these, so it does not act.

### The library (library.html, library_tab.py)

library-rebuild = Rebuild index
library-rebuilding = Rebuilding…
library-removed = Removed, until the next rebuild:
library-put-back = Put back
library-find = Find
library-find-in = title, file, author or publisher
library-label = Source labelled
library-any-label = any or none
library-list = Sources
library-column-title = Title
library-column-label = Source labelled
library-column-kind = Kind
library-column-published = Date
library-column-pages = Pages
library-column-passages = Passages
library-column-warnings = Warnings
library-sort-by = Sort by
library-line = line { $line }: { $told }
library-read-in-part = not all of it could be read
library-unread = could not be read
library-gone = removed: goes with the next rebuild
# Stand behind their number.
library-unit-pages =
    { $number ->
        [one] page
       *[other] pages
    }
library-unit-passages =
    { $number ->
        [one] passage
       *[other] passages
    }
library-unit-warnings =
    { $number ->
        [one] warning
       *[other] warnings
    }
library-details = Details
library-details-of = of source { $number }
library-none-found = No source is like that.
page-before = Before
page-next = Next
page-of = { $page } of { $pages }

### Files that are added (adding.html, adding.js, uploads.py)

adding = { $choose } or drop files here.
adding-choose = Add documents…
adding-needs-owner = Adding, labelling, removing and rebuilding need the owner's token.
adding-list = Files that are added
adding-sent = How much of { $file } is sent
adding-cancel = Cancel
adding-cancel-of = Cancel { $file }
adding-cancelled = Cancelled.
adding-connection-broke = The connection broke off. Add it again.
adding-most = A file may have { $most } MB at the most.
adding-too-large = not added: larger than { $most } MB
adding-too-large-remedy = Split it, or allow more with PARALLAX_MAX_FILE_MEGABYTES.
adding-sign-in = Sign in again
adding-refused = The server answered { $status }.
upload-added = added to the folder of seeds.
upload-same = was there already, with the same bytes.
upload-rebuild = Rebuild the index to ask it.
upload-broke-off = not added: it broke off.
upload-again = Add it again.

### A row unfolded (details.html)

details-needs-owner = Changing the library needs the owner's token.
details-left-out = What was left out
details-left-out-runs = What was left out ({ $runs })
details-runs = Runs of lines that were left out
details-line = Line { $line }
details-lines = Lines { $first } to { $last }
details-kept = kept from the next rebuild on
details-keep = Keep this
details-leave-out = Leave out again
details-more = { $more } more. All of them stand in the source itself, folded away.
details-nothing-left-out = Nothing: all of it is searched.
details-label = Its label
details-waiting = From the next rebuild on: { $label }.
details-unconfirmed = Nobody has confirmed this label yet.
details-whole =
    It is that of { $sources ->
       *[other] all { $sources } sources
    } in { $file }.
details-confirm = Confirm it
details-label-it = Label it
details-label-anew = Label it anew
details-choose = Choose…
details-another = Another one, not declared yet…
details-perspective = Whose position does it argue for in its own voice?
details-new-label = Its label
details-new-label-hint = as it will stand on the badge
details-description = What its sources argue for
details-description-hint = in a sentence
details-basis = Basis
details-basis-hint = what in its own voice shows that
details-quote = A sentence of it that shows that (optional)
details-quote-hint = letter for letter
details-by = Assigned by
details-by-hint = your name
details-kind = Kind of text (optional)
details-kind-hint = news report, opinion, letter…
details-origin = Origin, if it is a copy (optional)
details-origin-hint = where it is from
details-removing = Remove it
details-file = Its file
details-removed = { $file } is removed and goes with the next rebuild.
details-no-seed = It is not among the seeds.
details-remove = Remove it…
details-remove-file = Remove the whole file…
details-remove-sure = Remove { $file }?
details-remove-holds =
    { $sources ->
        [one] It holds { $sources } source, which goes with it: { $names }.
       *[other] It holds { $sources } sources, which go with it: { $names }.
    }
details-remove-moved = It is moved to the folder .removed in the seeds, never deleted, and can be put back until the next rebuild.
details-remove-yes = Remove it
details-remove-no = Keep it

### What the owner has done, or has to fill in (owning.py)

owning-later = It acts from the next rebuild on.
owning-kept = Kept.
owning-left-out = Left out again.
owning-labelled = Labelled { $label }.
owning-confirmed = Confirmed by { $who }.
owning-removed = { $file } is removed.
owning-restored = { $file } is back.
owning-look-again = Look again.
owning-look-at-list = Look at the list again.
owning-nothing-left-out = { $document }: nothing is left out there any more.
owning-file-changed = { $document }: the file has changed since this build.
owning-file-changed-remedy = Rebuild the index, then look at its lines again.
owning-label-changed = Somebody has changed its label meanwhile.
owning-label-changed-remedy = This is what it is now.
owning-no-seed = { $document }: is not among the seeds any more.
owning-needs-perspective = Choose whose position it argues for in its own voice.
owning-needs-label = A new perspective needs a label.
owning-means-none = Sources without a label show that; choose another one.
owning-needs-basis = A label needs its reason: what in the source's own voice shows it.
owning-wrong-quote = The source does not hold these words in this order; copy them from it.
owning-needs-name = A label needs a name.
owning-needs-confirmer = Who confirms it? A name is needed.
owning-too-long = That is too long: { $most } characters are the most.

### Earlier builds (builds.html)

builds-heading = Earlier builds
builds-added = added { $number }: { $names }
builds-changed = changed { $number }: { $names }
builds-removed = removed { $number }: { $names }
builds-failed = failed { $number }: { $names }

### The map, and the list below it (map.html, nearest.html, map.js)

map-heading = Map
map-heading-of = Map of { $sources }
map-empty = The library holds no source yet. Add one on the tab Library and rebuild.
map-failed = The plot could not be loaded. The list below says the same.
map-time = Perspectives by time
map-time-plot = Plot of the sources by label and date, from { $first } to { $last }. The list below the plots says the same.
map-time-marks = Each mark is a source, where it was published, under the label that it carries. A bar is the month or year of a source of which no day is known; its mark stands in the middle.
map-time-undated = { $undated } of { $sources } have no date and stand apart, on the right.
map-time-numbered = The numbers are those of the list below.
map-time-click = Click a mark to read its source.
map-time-none = No source of this library has a date, so there is nothing to draw by time. Dates are written as { $field } in { $file }.
map-no-date = no date
map-near = How near the sources lie to each other
map-near-labels = Labels
map-near-plot = Plot of the sources on a plane, near ones close together. The list below says for each which are nearest.
map-near-means = Near means in like words, not of one mind:
map-near-meaning = { $near } sources that argue against each other over the same events lie close together.
map-near-whole = The plane has no up and no left, only distances, and two dimensions show { $percent } % of the differences between these sources.
map-near-in-part = The plane has no up and no left, only distances, and two dimensions show { $percent } % of the differences between these sources; where it and the list below disagree, the list is right.
map-near-unplaced = { $unplaced } of { $sources } have no place, because nothing of them is searched.
map-near-more-labels = There are more labels than marks: point at one to see its label.
map-near-one = There is one source, and so none that it could be near to.
map-near-none = Fewer than two sources hold text that is searched, so there is nothing to compare.
nearest-list = Each source and those nearest to it
nearest-cosine = The number after a source is the cosine of the two: 1 in the same words, 0 in words that have nothing in common.
nearest-found = { $sources }, page { $page } of { $pages }
nearest-to = nearest to source { $number }
nearest-unplaced = Nothing of it is searched, so it has no place on the plane.

### Why text is left out: the reasons that are known by these English words

reason-appeal-for-support-or-subscriptions = appeal for support or subscriptions
reason-author-box = author box
reason-bare-reference = bare reference
reason-beside-the-document = beside the document
reason-comment-form = comment form
reason-copyright-line = copyright line
reason-counter = counter
reason-editor-s-credit = editor's credit
reason-foot-of-the-page = foot of the page
reason-form-field = form field
reason-front-matter = front matter
reason-head-of-the-page = head of the page
reason-kept-by-the-owner-of-the-library = kept by the owner of the library
reason-left-out-by-the-owner-of-the-library = left out by the owner of the library
reason-line-above-the-document = line above the document
reason-line-below-the-document = line below the document
reason-line-of-the-site = line of the site
reason-links-to-other-pages = links to other pages
reason-menu = menu
reason-navigation = navigation
reason-not-shown-by-a-browser = not shown by a browser
reason-publisher-s-disclaimer = publisher's disclaimer
reason-quoted-from-an-earlier-mail = quoted from an earlier mail
reason-readers-comments = readers' comments
reason-repeats-an-earlier-block = repeats an earlier block
reason-several-short-things-on-one-line = several short things on one line
reason-short-line-among-short-lines = short line among short lines
reason-short-line-beside-furniture = short line beside furniture
reason-short-line-between-other-things = short line between other things
reason-signature = signature
reason-stands-more-than-once = stands more than once
reason-table-of-contents = table of contents
reason-teaser-for-another-page = teaser for another page
reason-teasers-for-other-pages = teasers for other pages
reason-text-apart-from-the-document = text apart from the document
reason-words-of-a-site-s-navigation = words of a site's navigation
