### Everything that Tickertape says to people in chat, in English. Every other catalogue translates this one.
###
### The bot speaks as "I", to one person. Each message is one plain sentence, or two: what is the matter, and what to do.
### Text is Markdown: **bold**, `code`. Names of commands (/ask, /usage) are the same in all languages.
### What stands in { } comes from the program. A number in it is written as the language does it; where the words around
### it depend on the number, choose between them by the language's plural forms:
### https://projectfluent.org/fluent/guide/selectors.html

## In the place of an answer that has no text yet

thinking = Thinking…
# $time: one of the short times below, e.g. 15 s
thinking-for = Thinking… { $time }
# Another answer of the same conversation is still being written.
waiting-turn = Waiting for the answer before this one…
# Slack, in direct messages; Slack puts the app's name before it: "Tickertape is thinking…"
slack-is-thinking = is thinking…
# The same for one that waits for another answer
slack-is-waiting = is waiting for the answer before this one…

## Labels of buttons and menus. Short: Discord shows 80 characters, Slack fewer

label-stop = Stop
label-again = Again
label-continue = Continue
# Slack: in a menu of models or personas before something is chosen
label-choose = Choose…
# Slack: the button that sends the question of the form "Ask about a message"
label-ask = Ask
# Discord and Slack: above the field for a question
label-question = Your question
# Slack: title of the form, at most 24 characters
slack-about-title = Ask about a message

## The closing line below an answer, in small print: how it ended

stopped = Stopped.
# $name: a moderator
stopped-by = Stopped by { $name }.
# A moderator whose name is not known
stopped-by-moderator = Stopped by a moderator.
superseded = Stopped: a new question came.
interrupted = Interrupted: I had to restart.
deleted = Stopped: a message of this answer was deleted.
question-deleted = Stopped: the question was deleted.
# $reason: one of the sentences about the database below
not-remembered = { $reason } I will not remember this question.
cannot-go-on = Cut off: I am not allowed to go on here.
# Discord: an answer that only its asker sees, or in a place where the bot is no member
discord-time-limit = Stopped by Discord's limit of 15 minutes.
rest-in-file = The rest of the answer is in the file.
thought-for = Thought for { $time }.
unconfirmed = The model did not confirm that this is the whole answer.
length-limit = The answer reached the model's length limit.
content-filter = The model's content filter ended this answer.
model-refused = The model declined to answer this.
bug = Something went wrong on my side. The operator's log says what.

## The same, where the model failed in the middle of an answer

cut-off = Cut off: the connection to the model broke.
cut-off-whole = Cut off: the answer took too long.
cut-off-silent = Cut off: the model fell silent.
cut-off-balance = Cut off: the balance for this model is used up.
cut-off-too-often = Cut off: the model is being asked too often.
cut-off-server = Cut off: the model's gateway reported a failure.
not-streamed = The model's gateway sent this in one piece, not as a stream.

## In the place of an answer: the model failed before any text came. A gateway is the server that a model is asked at

bad-credentials = The model's gateway does not accept this bot's key. Please tell its owner.
balance-used-up = The balance for this model is used up. Please tell this bot's owner.
model-not-found = The gateway does not know the model that this bot asks for. Please tell its owner.
too-many-requests = The model is being asked too often right now. Please try again in a moment.
bad-request = The model's gateway did not accept this question.
server-failed = The model's gateway reports a failure of its own. Please try again in a moment.
unreachable = The model's gateway cannot be reached. Please try again in a moment.
connection-broke = The connection to the model broke before any text came. Please try again.
not-a-stream = The model's gateway did not answer as expected. Please tell this bot's owner.
empty-answer = The model gave an empty answer.
busy = Too many answers are being written right now. Please try again in a moment.
took-too-long = The answer took too long.
no-answer-in-time = The model did not answer in time. Please try again.

## In private, instead of an answer: the question cannot be asked

prompt-empty = There is no question in your message. Write it after my name or the command.
prompt-too-long = Your question is too long: at most { $most } characters.
shutting-down = I am restarting. Please ask again in a minute.
no-such-model = There is no such model.
no-such-model-but = There is no such model. Did you mean { $name }?
no-such-persona = There is no such persona.
no-such-persona-but = There is no such persona. Did you mean { $name }?
person-not-allowed = I may not answer you here. Please ask this bot's owner.
channel-not-allowed = I may not answer in this channel. Please ask in another one.
model-not-allowed = You may not use the model { $model } here. Please choose another one.

# Limits that the owner set. $wait is one of the times to wait below.
user-at-once =
    I write at most { $answers ->
        [one] { $answers } answer
       *[other] { $answers } answers
    } for you at a time. Please ask again when one has ended.
user-per-hour =
    I write at most { $answers ->
        [one] { $answers } answer
       *[other] { $answers } answers
    } for you in an hour. Please ask again in { $wait }.
user-tokens-per-day =
    Your { $tokens ->
        [one] { $tokens } token
       *[other] { $tokens } tokens
    } for 24 hours are used up. Please ask again in { $wait }.
# Here: on this Discord server, in this Slack workspace
workspace-at-once =
    I write at most { $answers ->
        [one] { $answers } answer
       *[other] { $answers } answers
    } here at a time. Please ask again when one has ended.
workspace-per-hour =
    I write at most { $answers ->
        [one] { $answers } answer
       *[other] { $answers } answers
    } here in an hour. Please ask again in { $wait }.
workspace-tokens-per-day =
    The { $tokens ->
        [one] { $tokens } token
       *[other] { $tokens } tokens
    } for 24 hours are used up here. Please ask again in { $wait }.

## Times to wait: "Please ask again in 12 minutes."

wait-seconds =
    { $seconds ->
        [one] { $seconds } second
       *[other] { $seconds } seconds
    }
wait-minutes =
    { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
wait-hours =
    { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    }
# $hours and $minutes: the two above
wait-hours-minutes = { $hours } { $minutes }

## Short times that have passed: "Thought for 12 s."

time-seconds = { $seconds } s
time-minutes = { $minutes } min
time-minutes-seconds = { $minutes } min { $seconds } s

## Below an answer: a file of the question was not read. $why is one of the reasons after that

file-left-out = Left out: { $file } – { $why }
file-read-in-part = Read in part: { $file } – { $why }

file-too-many-files =
    I read at most { $figure ->
        [one] { $figure } file
       *[other] { $figure } files
    } at a time.
# $size: one of the sizes below
file-too-big = it is larger than { $size }.
file-host-not-allowed = it is not on this platform's own file servers.
file-may-not-read = I am not allowed to read it.
file-gone = it is no longer there.
file-too-slow = it took too long to read.
file-download-failed = it could not be downloaded. Please try again.
file-unknown-kind = I can read images (PNG, JPEG, GIF, WebP), text and PDFs only.
file-empty = it is empty.
file-text-cut =
    { $figure ->
        [one] only its first character.
       *[other] only its first { $figure } characters.
    }
file-no-room =
    I read at most { $figure ->
        [one] { $figure } character
       *[other] { $figure } characters
    } of text at a time.
file-no-vision = this model cannot see images.
file-too-many-images =
    I look at no more than { $figure ->
        [one] { $figure } image
       *[other] { $figure } images
    } at a time.
file-image-too-big = an image may have at most { $size }.
file-image-too-large = an image may be at most { $figure } pixels wide or high.
file-image-damaged = the image is damaged or incomplete.
file-image-animated = I cannot look at moving images.
file-pdf-encrypted = the PDF is encrypted.
file-pdf-damaged = the PDF is damaged.
file-pdf-without-text = there is no text in this PDF. If it is a scan, send its pages as images.
file-pdf-too-hard = this PDF takes too much time or memory to read.
file-pages-cut =
    { $figure ->
        [one] only the first of its { $of } pages.
       *[other] only the first { $figure } of its { $of } pages.
    }
file-pages-damaged =
    { $figure ->
        [one] { $figure } of its { $of } pages cannot be read.
       *[other] { $figure } of its { $of } pages cannot be read.
    }

size-megabytes = { $number } MB
size-kilobytes = { $number } kB
size-bytes =
    { $number ->
        [one] { $number } byte
       *[other] { $number } bytes
    }

## In private, to whoever used a command or pressed a button

not-running = This answer has already ended.
nothing-running = No answer of yours is being written here.
not-yours = Only the person who asked, or a moderator, can stop this answer.
# Discord: /stop
stopped-here =
    { $answers ->
        [one] Stopped.
       *[other] Stopped { $answers } answers.
    }
only-admins = Only this bot's admins can do that.
only-moderators-choose = Only a moderator can choose for the whole channel.
only-moderators-forget = Only a moderator can make me forget what several people said.
not-yours-again = Only the person who asked, or a moderator, can have it answered again.
answer-unknown = I do not know this answer any more.
prompt-gone = The question was deleted, so I can't answer it again.
nothing-to-forget = There is no conversation here to forget.
forgotten =
    { $turns ->
        [one] Forgotten: { $turns } message.
       *[other] Forgotten: { $turns } messages.
    }
rated = Thank you, noted.
# $name: a model or a persona
chosen-for-channel = From now on, { $name } answers in this channel.
chosen-for-conversation = From now on, { $name } answers in this conversation.
# Above a list of names
choices-model = Models that you can choose here:
choices-persona = Personas that you can choose here:
too-slow = My database is too slow right now. Please try again in a moment.
discord-no-thread = I cannot start a thread here. Please ask without one.
discord-thread-or-private = An answer is either in a thread or only for you. Please choose one.
discord-role-mentioned = Discord does not show me messages that mention only my role. Mention me by my name, or use the /ask command.
# Beside a file
discord-exported = Every answer's figures, without any text.
# Slack: in a direct message, with a file that follows
slack-figures = The figures that you asked for:
slack-exported = I sent you every answer's figures in a direct message.
slack-not-exported = I could not send you the figures as a file. I need the scope files:write for that.
slack-export-lost = I could not send you the figures: Slack did not take them. Please try again in a moment.
# Slack: with a button "Again" below it
slack-edited = You edited your question. Shall I answer it again?
slack-question-lost = Slack did not take your question. Please try again in a moment.
# $platform: Discord or Slack
answer-lost = I could not show you the answer to your question: { $platform } did not take it.
# $permission: one of the permissions below
slack-answer-lost-lacking = I could not show you the answer to your question: I lack { $permission }.
slack-cannot-post = I am not allowed to write in this channel. Please ask its managers, or ask me in a direct message.
slack-cannot-post-lacking = I am not allowed to write in this channel. Please ask its managers, or ask me in a direct message. I lack { $permission }.
# $bot: the bot's handle
slack-not-in-channel = I can't write in this channel, because I am not a member of it. Invite me with `/invite @{ $bot }`, then ask again.
discord-cannot-write = I cannot answer in { $channel }: I lack the permission “{ $permission }” there. Please tell a moderator.
# Where the channel's name is not known
discord-cannot-write-there = I cannot answer in that channel: I lack the permission “{ $permission }” there. Please tell a moderator.

## In the channel, above a question that came by slash command (Slack)

slack-asked = **{ $name }** asked:
# Where the name is not known
slack-somebody-asked = **Somebody** asked:

## In private: figures of answers, a list

usage-yours = **Your answers**
usage-all = **All answers**
# $when of the lines below
usage-last-day = Last 24 hours
usage-last-month = Last 30 days
usage-none = - { $when }: 0 answers
usage-of-model =
    - { $when }, { $model }: { $answers ->
        [one] { $answers } answer
       *[other] { $answers } answers
    }, { $tokens ->
        [one] { $tokens } token
       *[other] { $tokens } tokens
    }
# $cost: one of the amounts below
usage-of-model-cost =
    - { $when }, { $model }: { $answers ->
        [one] { $answers } answer
       *[other] { $answers } answers
    }, { $tokens ->
        [one] { $tokens } token
       *[other] { $tokens } tokens
    }, { $cost }
amount = { NUMBER($amount, minimumFractionDigits: 2, maximumFractionDigits: 2) } { $currency }
amount-small = { NUMBER($amount, minimumFractionDigits: 4, maximumFractionDigits: 4) } { $currency }

## In private: the database failed, which holds what is remembered

database-failed = Something went wrong with my database.
database-url = The database's URL cannot be used.
database-in-use = Another process is using the database.
database-too-new = The database was written by a newer version of Tickertape.
database-locked = My database is locked by another program.
database-read-only = My database cannot be written.
database-full = The disk of my database is full.
database-damaged = My database is damaged, or is no database at all.
database-unreachable = My database cannot be reached.

## What the bot lacks, on Discord: permissions by the names that Discord's own settings show in this language

discord-permission-view = View Channel
discord-permission-send = Send Messages
discord-permission-send-in-thread = Send Messages in Threads
discord-permission-history = Read Message History
discord-permission-manage-threads = Manage Threads
discord-permission-attach = Attach Files

## What the bot lacks, on Slack: "I lack the scope chat:write."

# $scope: Slack's own name of it, e.g. chat:write
slack-lacks-scope = the scope { $scope }
slack-lacks-membership = membership of the channel (invite the bot with /invite)
slack-lacks-posting = the permission to post here
slack-lacks-restricted = the permission to post in this channel (its posting is restricted)
slack-lacks-read-only = the permission to post in this read-only channel
slack-lacks-outside-threads = the permission to post in this channel outside threads
slack-lacks-in-threads = the permission to post in threads of this channel
slack-lacks-locked-thread = the permission to post in this locked thread
slack-lacks-own-message = the permission to edit this message (it is not the bot's own)
slack-lacks-edit-window = the permission to edit messages this old (a workspace setting)
slack-lacks-keys = the permission to post (the workspace's keys are suspended)
slack-lacks-token = a valid bot token (reinstall the app)
slack-lacks-bot-user = an active bot user (reinstall the app)

## Discord's list of commands: at most 100 characters each

discord-ask = Ask the model; the answer appears here as it is written.
discord-stop = Stop your running answers in this channel.
discord-model = See which models there are, or choose the one that answers here.
discord-persona = See which personas there are, or choose the one that answers here.
discord-usage = See what your answers took.
discord-forget = Make the bot forget this conversation.
discord-help = How to use the bot.

# Options of /ask
discord-ask-file = An image, a text, source code or a PDF that the question is about
discord-ask-second-file = Another file
discord-ask-model = The model that is to answer this question
discord-ask-thread = Answer in a new thread
discord-ask-private = Only you see the answer
# Options of the others
discord-model-name = The model that is to answer from now on
discord-persona-name = The persona that is to answer from now on
discord-choose-channel = For the whole channel, not only this conversation (moderators)
discord-usage-everyone = What all answers took (admins of the bot)
discord-usage-export = Every answer's figures as a table (admins of the bot)
discord-forget-everything = Everything that you ever said to the bot, everywhere, and its answers

# Entry in the menu of a message, and title of the form that it opens: at most 32 characters
discord-about = Ask about this
# What stands in the form's field at first
discord-about-question = Explain this

## Help, as the answer to a command; on Slack in the app's Home tab as well. One line each

help-ask-discord = **Ask** with `/ask`, by mentioning me, or in a direct message. I remember threads, direct messages and replies to my answers.
help-stop-discord = **Stop** an answer with 🛑, its button, or `/stop`. **Again**: the button below an answer, or 🔁 on it or on your question.
help-choose-discord = **Choose** with `/model` and `/persona`. **Figures**: `/usage`. **Forget** this conversation, or all of yours: `/forget`.
# $command: the name of the slash command that asks, /ask unless the owner chose another
help-ask-slack = **Ask** by mentioning me, in a direct message, or with `{ $command }`. I remember threads and direct messages; in a thread where I take part, nobody needs to mention me.
# $command: the name of the slash command that asks
help-stop-slack = **Stop** an answer with its button, a reaction, or `{ $command }-stop`. **Again**: the button below an answer, or 🔁 on it or on your question.
# $entry: what Slack's menu calls it, in English
help-about-slack = **About a message**: choose “{ $entry }” in its menu.
help-choose-slack = **Choose** with `{ $command }-model` and `{ $command }-persona`. **Figures**: `{ $command }-usage`. **Forget**: `{ $command }-forget`, or the menu of a message.

## Slack's agent panel: prompts to begin with, as title and as what is then asked

suggested-abilities = What can you do?
suggested-abilities-prompt = What can you help me with?
suggested-writing = Write a text
suggested-writing-prompt = Help me to write a text. Ask me first what it is about and who reads it.
suggested-explanation = Explain something
suggested-explanation-prompt = Explain something to me step by step. Ask me first what it is.
