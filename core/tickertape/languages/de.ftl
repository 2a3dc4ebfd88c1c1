### Alles, was Tickertape Menschen im Chat sagt, auf Deutsch. Übersetzt en.ftl, wo auch steht, was wo zu sehen ist.
###
### Der Bot sagt „ich“ und „du“, spricht freundlich und schlicht und nennt, was zu tun ist. Wer gemeint ist, bleibt
### geschlechtsneutral. Namen von Befehlen bleiben englisch; Rechte heißen so wie in Discords deutscher Oberfläche.

## In the place of an answer that has no text yet

thinking = Ich denke nach …
thinking-for = Ich denke nach … { $time }
waiting-turn = Ich warte noch auf die Antwort davor …
slack-is-thinking = denkt nach …
slack-is-waiting = wartet noch auf die Antwort davor …

## Labels of buttons and menus

label-stop = Stopp
label-again = Noch einmal
label-continue = Weiter
label-choose = Auswählen …
label-ask = Fragen
label-question = Deine Frage
slack-about-title = Frage zur Nachricht

## The closing line below an answer

stopped = Gestoppt.
stopped-by = Gestoppt von { $name }.
stopped-by-moderator = Von der Moderation gestoppt.
superseded = Gestoppt: Es kam eine neue Frage.
interrupted = Unterbrochen: Ich musste neu starten.
deleted = Gestoppt: Eine Nachricht dieser Antwort wurde gelöscht.
question-deleted = Gestoppt: Die Frage wurde gelöscht.
not-remembered = { $reason } Diese Frage kann ich mir deshalb nicht merken.
cannot-go-on = Abgebrochen: Ich darf hier nicht weiterschreiben.
discord-time-limit = Gestoppt: Discord gibt mir dafür höchstens 15 Minuten.
rest-in-file = Der Rest der Antwort steht in der Datei.
thought-for = { $time } nachgedacht.
unconfirmed = Das Modell hat nicht bestätigt, dass das die ganze Antwort ist.
length-limit = Die Antwort hat die Längengrenze des Modells erreicht.
content-filter = Der Inhaltsfilter des Modells hat diese Antwort beendet.
model-refused = Das Modell wollte darauf nicht antworten.
bug = Bei mir ist etwas schiefgegangen. Was es war, steht im Protokoll des Bots.

## The same, where the model failed in the middle of an answer

cut-off = Abgebrochen: Die Verbindung zum Modell ist abgerissen.
cut-off-whole = Abgebrochen: Die Antwort hat zu lange gedauert.
cut-off-silent = Abgebrochen: Vom Modell kam nichts mehr.
cut-off-balance = Abgebrochen: Das Guthaben für dieses Modell ist aufgebraucht.
cut-off-too-often = Abgebrochen: Das Modell wird gerade zu oft gefragt.
cut-off-server = Abgebrochen: Das Gateway des Modells hat selbst einen Fehler gemeldet.
not-streamed = Das Gateway des Modells hat das in einem Stück geschickt statt nach und nach.

## In the place of an answer: the model failed before any text came

bad-credentials = Das Gateway des Modells nimmt den Schlüssel dieses Bots nicht an. Sag bitte denen Bescheid, die den Bot betreiben.
balance-used-up = Das Guthaben für dieses Modell ist aufgebraucht. Sag bitte denen Bescheid, die den Bot betreiben.
model-not-found = Das Gateway kennt das Modell nicht, das dieser Bot fragen soll. Sag bitte denen Bescheid, die den Bot betreiben.
too-many-requests = Das Modell wird gerade zu oft gefragt. Bitte versuch es gleich noch einmal.
bad-request = Das Gateway des Modells hat diese Frage nicht angenommen.
server-failed = Das Gateway des Modells hat selbst einen Fehler gemeldet. Bitte versuch es gleich noch einmal.
unreachable = Das Gateway des Modells ist nicht erreichbar. Bitte versuch es gleich noch einmal.
connection-broke = Die Verbindung zum Modell ist abgerissen, bevor Text kam. Bitte versuch es noch einmal.
not-a-stream = Das Gateway des Modells hat anders geantwortet als erwartet. Sag bitte denen Bescheid, die den Bot betreiben.
empty-answer = Das Modell hat eine leere Antwort gegeben.
busy = Gerade entstehen zu viele Antworten auf einmal. Bitte versuch es gleich noch einmal.
took-too-long = Die Antwort hat zu lange gedauert.
no-answer-in-time = Das Modell hat nicht rechtzeitig geantwortet. Bitte versuch es noch einmal.

## In private, instead of an answer

prompt-empty = In deiner Nachricht steht keine Frage. Schreib sie hinter meinen Namen oder hinter den Befehl.
prompt-too-long = Deine Frage ist zu lang: Höchstens { $most } Zeichen sind möglich.
shutting-down = Ich starte gerade neu. Bitte frag in einer Minute noch einmal.
no-such-model = Dieses Modell gibt es nicht.
no-such-model-but = Dieses Modell gibt es nicht. Meinst du { $name }?
no-such-persona = Diese Persona gibt es nicht.
no-such-persona-but = Diese Persona gibt es nicht. Meinst du { $name }?
person-not-allowed = Ich darf dir hier nicht antworten. Frag bitte die, die den Bot betreiben.
channel-not-allowed = In diesem Kanal darf ich nicht antworten. Frag bitte in einem anderen.
model-not-allowed = Das Modell { $model } darfst du hier nicht benutzen. Bitte wähle ein anderes.

user-at-once =
    Ich schreibe höchstens { $answers ->
        [one] eine Antwort
       *[other] { $answers } Antworten
    } gleichzeitig für dich. Bitte frag noch einmal, wenn eine fertig ist.
user-per-hour =
    Ich schreibe höchstens { $answers ->
        [one] eine Antwort
       *[other] { $answers } Antworten
    } pro Stunde für dich. Bitte frag in { $wait } noch einmal.
user-tokens-per-day =
    { $tokens ->
        [one] Dein { $tokens } Token für 24 Stunden ist
       *[other] Deine { $tokens } Token für 24 Stunden sind
    } aufgebraucht. Bitte frag in { $wait } noch einmal.
workspace-at-once =
    Ich schreibe hier höchstens { $answers ->
        [one] eine Antwort
       *[other] { $answers } Antworten
    } gleichzeitig. Bitte frag noch einmal, wenn eine fertig ist.
workspace-per-hour =
    Ich schreibe hier höchstens { $answers ->
        [one] eine Antwort
       *[other] { $answers } Antworten
    } pro Stunde. Bitte frag in { $wait } noch einmal.
workspace-tokens-per-day =
    { $tokens ->
        [one] Der { $tokens } Token für 24 Stunden ist
       *[other] Die { $tokens } Token für 24 Stunden sind
    } hier aufgebraucht. Bitte frag in { $wait } noch einmal.

## Times to wait, in the dative: „Bitte frag in 12 Minuten noch einmal.“

wait-seconds =
    { $seconds ->
        [one] einer Sekunde
       *[other] { $seconds } Sekunden
    }
wait-minutes =
    { $minutes ->
        [one] einer Minute
       *[other] { $minutes } Minuten
    }
wait-hours =
    { $hours ->
        [one] einer Stunde
       *[other] { $hours } Stunden
    }
wait-hours-minutes = { $hours } und { $minutes }

## Short times that have passed

time-seconds = { $seconds } s
time-minutes = { $minutes } min
time-minutes-seconds = { $minutes } min { $seconds } s

## Below an answer: a file of the question was not read

file-left-out = Nicht gelesen: { $file } – { $why }
file-read-in-part = Nur teilweise gelesen: { $file } – { $why }

file-too-many-files =
    ich lese höchstens { $figure ->
        [one] eine Datei
       *[other] { $figure } Dateien
    } auf einmal.
file-too-big = die Datei ist größer als { $size }.
file-host-not-allowed = die Datei liegt nicht auf den Dateiservern dieser Plattform.
file-may-not-read = ich darf die Datei nicht lesen.
file-gone = die Datei ist nicht mehr da.
file-too-slow = das Lesen hat zu lange gedauert.
file-download-failed = die Datei ließ sich nicht herunterladen. Bitte versuch es noch einmal.
file-unknown-kind = ich kann nur Bilder (PNG, JPEG, GIF, WebP), Text und PDFs lesen.
file-empty = die Datei ist leer.
file-text-cut =
    { $figure ->
        [one] nur das erste Zeichen.
       *[other] nur die ersten { $figure } Zeichen.
    }
file-no-room =
    ich lese höchstens { $figure ->
        [one] ein Zeichen
       *[other] { $figure } Zeichen
    } Text auf einmal.
file-no-vision = dieses Modell kann keine Bilder sehen.
file-too-many-images =
    ich sehe mir höchstens { $figure ->
        [one] ein Bild
       *[other] { $figure } Bilder
    } auf einmal an.
file-image-too-big = ein Bild darf höchstens { $size } groß sein.
file-image-too-large = ein Bild darf höchstens { $figure } Pixel breit oder hoch sein.
file-image-damaged = das Bild ist beschädigt oder unvollständig.
file-image-animated = bewegte Bilder kann ich nicht ansehen.
file-pdf-encrypted = das PDF ist verschlüsselt.
file-pdf-damaged = das PDF ist beschädigt.
file-pdf-without-text = in diesem PDF steht kein Text. Wenn es gescannt ist, schick die Seiten als Bilder.
file-pdf-too-hard = dieses PDF zu lesen kostet zu viel Zeit oder Speicher.
file-pages-cut =
    { $figure ->
        [one] nur die erste von { $of } Seiten.
       *[other] nur die ersten { $figure } von { $of } Seiten.
    }
file-pages-damaged =
    { $figure ->
        [one] eine der { $of } Seiten ist nicht lesbar.
       *[other] { $figure } der { $of } Seiten sind nicht lesbar.
    }

size-megabytes = { $number } MB
size-kilobytes = { $number } kB
size-bytes =
    { $number ->
        [one] { $number } Byte
       *[other] { $number } Byte
    }

## In private, to whoever used a command or pressed a button

not-running = Diese Antwort ist schon zu Ende.
nothing-running = Hier schreibe ich gerade keine Antwort für dich.
not-yours = Diese Antwort kann nur stoppen, wer gefragt hat oder hier moderiert.
stopped-here =
    { $answers ->
        [one] Gestoppt.
       *[other] { $answers } Antworten gestoppt.
    }
only-admins = Das können nur die Admins dieses Bots.
only-moderators-choose = Für den ganzen Kanal kann nur die Moderation wählen.
only-moderators-forget = Was mehrere gesagt haben, kann nur die Moderation mich vergessen lassen.
not-yours-again = Noch einmal beantworten lassen kann das nur, wer gefragt hat oder hier moderiert.
answer-unknown = An diese Antwort erinnere ich mich nicht mehr.
prompt-gone = Die Frage wurde gelöscht, deshalb kann ich sie nicht noch einmal beantworten.
nothing-to-forget = Hier gibt es kein Gespräch, das ich vergessen könnte.
forgotten =
    { $turns ->
        [one] Eine Nachricht vergessen.
       *[other] { $turns } Nachrichten vergessen.
    }
rated = Danke, ist notiert.
chosen-for-channel = Ab jetzt antwortet { $name } in diesem Kanal.
chosen-for-conversation = Ab jetzt antwortet { $name } in diesem Gespräch.
choices-model = Diese Modelle kannst du hier wählen:
choices-persona = Diese Personas kannst du hier wählen:
too-slow = Meine Datenbank ist gerade zu langsam. Bitte versuch es gleich noch einmal.
discord-no-thread = Hier kann ich keinen Thread beginnen. Bitte frag ohne Thread.
discord-thread-or-private = Eine Antwort steht entweder in einem Thread oder ist nur für dich. Bitte entscheide dich für eins von beidem.
discord-role-mentioned = Nachrichten, die nur meine Rolle erwähnen, zeigt Discord mir nicht. Erwähne mich mit meinem Namen oder nimm den Befehl /ask.
discord-exported = Die Zahlen zu allen Antworten, ohne deren Text.
slack-figures = Hier sind die Zahlen, die du haben wolltest:
slack-exported = Ich habe dir die Zahlen zu allen Antworten als Direktnachricht geschickt.
slack-not-exported = Ich konnte dir die Zahlen nicht als Datei schicken. Dafür brauche ich den Scope files:write.
slack-export-lost = Ich konnte dir die Zahlen nicht schicken: Slack hat sie nicht angenommen. Bitte versuch es gleich noch einmal.
slack-edited = Du hast deine Frage geändert. Soll ich sie noch einmal beantworten?
slack-question-lost = Slack hat deine Frage nicht angenommen. Bitte versuch es gleich noch einmal.
# $platform: Discord oder Slack
answer-lost = Ich konnte dir die Antwort auf deine Frage nicht zeigen: { $platform } hat sie nicht angenommen.
slack-answer-lost-lacking = Ich konnte dir die Antwort auf deine Frage nicht zeigen: Mir fehlt { $permission }.
slack-cannot-post = In diesem Kanal darf ich nicht schreiben. Frag bitte die, die ihn verwalten, oder frag mich in einer Direktnachricht.
slack-cannot-post-lacking = In diesem Kanal darf ich nicht schreiben. Frag bitte die, die ihn verwalten, oder frag mich in einer Direktnachricht. Mir fehlt { $permission }.
slack-not-in-channel = Ich kann in diesem Kanal nicht schreiben, weil ich nicht Mitglied bin. Lade mich mit `/invite @{ $bot }` ein und frag dann noch einmal.
discord-cannot-write = In { $channel } kann ich nicht antworten: Mir fehlt dort das Recht „{ $permission }“. Sag bitte der Moderation Bescheid.
discord-cannot-write-there = In diesem Kanal kann ich nicht antworten: Mir fehlt dort das Recht „{ $permission }“. Sag bitte der Moderation Bescheid.

## In the channel, above a question that came by slash command (Slack)

slack-asked = **{ $name }** fragt:
slack-somebody-asked = **Jemand** fragt:

## In private: figures of answers, a list

usage-yours = **Deine Antworten**
usage-all = **Alle Antworten**
usage-last-day = Letzte 24 Stunden
usage-last-month = Letzte 30 Tage
usage-none = - { $when }: 0 Antworten
usage-of-model =
    - { $when }, { $model }: { $answers ->
        [one] { $answers } Antwort
       *[other] { $answers } Antworten
    }, { $tokens ->
        [one] { $tokens } Token
       *[other] { $tokens } Token
    }
usage-of-model-cost =
    - { $when }, { $model }: { $answers ->
        [one] { $answers } Antwort
       *[other] { $answers } Antworten
    }, { $tokens ->
        [one] { $tokens } Token
       *[other] { $tokens } Token
    }, { $cost }
amount = { NUMBER($amount, minimumFractionDigits: 2, maximumFractionDigits: 2) } { $currency }
amount-small = { NUMBER($amount, minimumFractionDigits: 4, maximumFractionDigits: 4) } { $currency }

## In private: the database failed

database-failed = Mit meiner Datenbank ist etwas schiefgegangen.
database-url = Mit der URL der Datenbank lässt sich nichts anfangen.
database-in-use = Die Datenbank wird schon von einem anderen Prozess benutzt.
database-too-new = Die Datenbank stammt von einer neueren Version von Tickertape.
database-locked = Meine Datenbank ist durch ein anderes Programm gesperrt.
database-read-only = In meine Datenbank lässt sich nichts schreiben.
database-full = Auf dem Datenträger meiner Datenbank ist kein Platz mehr.
database-damaged = Meine Datenbank ist beschädigt oder gar keine Datenbank.
database-unreachable = Meine Datenbank ist nicht erreichbar.

## What the bot lacks, on Discord

discord-permission-view = Kanal ansehen
discord-permission-send = Nachrichten senden
discord-permission-send-in-thread = Nachrichten in Threads senden
discord-permission-history = Nachrichtenverlauf anzeigen
discord-permission-manage-threads = Threads verwalten
discord-permission-attach = Dateien anhängen

## What the bot lacks, on Slack: „Mir fehlt der Scope chat:write.“

slack-lacks-scope = der Scope { $scope }
slack-lacks-membership = die Mitgliedschaft im Kanal (lade mich mit /invite ein)
slack-lacks-posting = das Recht, hier zu schreiben
slack-lacks-restricted = das Recht, in diesem Kanal zu schreiben (dort dürfen es nur manche)
slack-lacks-read-only = das Recht, in diesem schreibgeschützten Kanal zu schreiben
slack-lacks-outside-threads = das Recht, in diesem Kanal außerhalb von Threads zu schreiben
slack-lacks-in-threads = das Recht, in Threads dieses Kanals zu schreiben
slack-lacks-locked-thread = das Recht, in diesem gesperrten Thread zu schreiben
slack-lacks-own-message = das Recht, diese Nachricht zu bearbeiten (sie ist nicht vom Bot)
slack-lacks-edit-window = das Recht, so alte Nachrichten zu bearbeiten (eine Einstellung des Workspace)
slack-lacks-keys = das Recht zu schreiben (die Schlüssel des Workspace sind gesperrt)
slack-lacks-token = ein gültiges Bot-Token (installiere die App neu)
slack-lacks-bot-user = ein aktiver Bot-Benutzer (installiere die App neu)

## Discord's list of commands: at most 100 characters each

discord-ask = Frag das Modell; die Antwort erscheint hier, während sie entsteht.
discord-stop = Stoppe deine laufenden Antworten in diesem Kanal.
discord-model = Sieh nach, welche Modelle es gibt, oder wähle das, das hier antwortet.
discord-persona = Sieh nach, welche Personas es gibt, oder wähle die, die hier antwortet.
discord-usage = Sieh nach, was deine Antworten verbraucht haben.
discord-forget = Lass den Bot dieses Gespräch vergessen.
discord-help = So benutzt du den Bot.

discord-ask-file = Ein Bild, ein Text, Quellcode oder ein PDF, um das es in der Frage geht
discord-ask-second-file = Noch eine Datei
discord-ask-model = Das Modell, das diese Frage beantworten soll
discord-ask-thread = In einem neuen Thread antworten
discord-ask-private = Nur du siehst die Antwort
discord-model-name = Das Modell, das ab jetzt antworten soll
discord-persona-name = Die Persona, die ab jetzt antworten soll
discord-choose-channel = Für den ganzen Kanal, nicht nur für dieses Gespräch (nur Moderation)
discord-usage-everyone = Was alle Antworten verbraucht haben (nur Admins des Bots)
discord-usage-export = Die Zahlen zu allen Antworten als Tabelle (nur Admins des Bots)
discord-forget-everything = Alles, was du dem Bot je gesagt hast, überall, und seine Antworten

discord-about = Dazu etwas fragen
discord-about-question = Erklär mir das

## Help

help-ask-discord = **Fragen**: mit `/ask`, indem du mich erwähnst, oder in einer Direktnachricht. Ich erinnere mich an Threads, Direktnachrichten und Antworten auf meine Antworten.
help-stop-discord = **Stoppen**: mit 🛑, dem Knopf unter der Antwort oder `/stop`. **Noch einmal**: mit dem Knopf unter der Antwort oder mit 🔁 an ihr oder an deiner Frage.
help-choose-discord = **Auswählen**: mit `/model` und `/persona`. **Zahlen**: `/usage`. **Vergessen**: `/forget`, für dieses Gespräch oder für alles, was du je gesagt hast.
help-ask-slack = **Fragen**: indem du mich erwähnst, in einer Direktnachricht oder mit `{ $command }`. Ich erinnere mich an Threads und Direktnachrichten; in einem Thread, in dem ich mitrede, muss mich niemand erwähnen.
help-stop-slack = **Stoppen**: mit dem Knopf unter der Antwort, einer Reaktion oder `{ $command }-stop`. **Noch einmal**: mit dem Knopf unter der Antwort oder mit 🔁 an ihr oder an deiner Frage.
help-about-slack = **Zu einer Nachricht**: Wähle in ihrem Menü „{ $entry }“.
help-choose-slack = **Auswählen**: mit `{ $command }-model` und `{ $command }-persona`. **Zahlen**: `{ $command }-usage`. **Vergessen**: `{ $command }-forget` oder das Menü einer Nachricht.

## Slack's agent panel: prompts to begin with

suggested-abilities = Was kannst du?
suggested-abilities-prompt = Wobei kannst du mir helfen?
suggested-writing = Einen Text schreiben
suggested-writing-prompt = Hilf mir, einen Text zu schreiben. Frag mich zuerst, worum es geht und wer ihn liest.
suggested-explanation = Etwas erklären
suggested-explanation-prompt = Erklär mir etwas Schritt für Schritt. Frag mich zuerst, worum es geht.
