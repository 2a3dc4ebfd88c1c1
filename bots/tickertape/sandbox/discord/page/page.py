"""The page at /: every channel with its messages, and a line to ask the bot; everything shown is escaped."""

from __future__ import annotations

import json
import re
from html import escape

from tickertape.sandbox.discord.payloads import message_payloads
from tickertape.sandbox.discord.world.entities import Channel, Interaction, Json, Message
from tickertape.sandbox.discord.world.kinds import ChannelType, InteractionKind
from tickertape.sandbox.discord.world.world import World
from tickertape.sandbox.markdown import to_html

_STYLE = """
:root { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.4 "gg sans", "Noto Sans", system-ui, sans-serif; background: #313338; color: #dbdee1; }
header { padding: 12px 20px; background: #2b2d31; border-bottom: 1px solid #1e1f22; }
header b { color: #f2f3f5; }
main { padding: 12px 20px 110px; max-width: 960px; margin: auto; }
h2 { font-size: 16px; color: #f2f3f5; border-bottom: 1px solid #3f4147; padding-bottom: 6px; }
article { padding: 4px 0 10px; }
.who { color: #f2f3f5; font-weight: 600; }
.tag { background: #5865f2; color: #fff; font-size: 10px; padding: 1px 4px; border-radius: 3px; margin-left: 4px; }
.note { color: #949ba4; font-size: 12px; margin-left: 6px; }
.text { overflow-wrap: anywhere; }
.text p, .text pre, .text ul, .text ol { margin: 4px 0; }
.text h1, .text h2, .text h3 { font-size: 17px; border: 0; margin: 10px 0 4px; }
.text pre, .text :not(pre) > code { background: #2b2d31; border: 1px solid #1e1f22; border-radius: 4px; padding: 2px 5px; }
.text pre { padding: 8px; overflow-x: auto; }
.text td, .text th { border: 1px solid #3f4147; padding: 2px 8px; }
.text table { border-collapse: collapse; }
.text small, .text em { color: #949ba4; }
.ephemeral { background: #393c5a55; border-left: 2px solid #5865f2; padding-left: 8px; }
button { background: #4e5058; color: #fff; border: 0; border-radius: 4px; padding: 5px 12px; font: inherit; }
button:hover { background: #6d6f78; cursor: pointer; }
.react, .reaction { background: #2b2d31; font-size: 13px; padding: 2px 8px; border-radius: 8px; }
.error { color: #fa777c; }
form { position: fixed; bottom: 0; left: 0; right: 0; padding: 14px 20px; background: #2b2d31; display: flex; gap: 8px; }
form input { flex: 1; min-width: 120px; }
input, select { background: #383a40; color: #dbdee1; border: 0; border-radius: 6px; padding: 9px; font: inherit; }
"""

_SCRIPT = """
const form = document.forms[0], list = document.querySelector("main"), status = document.querySelector("#status");
async function post(path, body) {
  const answer = await fetch("/sandbox/" + path, {
    method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)});
  status.textContent = answer.ok ? "" : await answer.text();
  return answer.ok;
}
async function refresh() {
  const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 40;
  list.innerHTML = await (await fetch("/sandbox/channels")).text();
  if (atEnd) scrollTo(0, document.body.scrollHeight);
}
form.addEventListener("submit", async event => {
  event.preventDefault();
  const text = form.text.value, channel = form.channel.value, user = form.user.value;
  const slash = event.submitter && event.submitter.value === "slash";
  const sent = slash ? await post("slash", {channel, user, name: "ask", options: {prompt: text}})
                     : await post("say", {channel, user, text, mention: channel !== "dm"});
  if (sent) form.text.value = "";
});
list.addEventListener("click", event => {
  const data = event.target.dataset, user = form.user.value;
  if (data.press) post("press", {message: data.message, user, custom_id: data.press});
  if (data.emoji) post("react", {message: data.message, user, emoji: data.emoji});
});
new EventSource("/sandbox/events").onmessage = refresh;
"""


def document(world: World) -> str:
    """Return the whole page."""
    people = [(user.name, str(user.id)) for user in world.users.values() if not user.bot]
    places = [(channel_name(each), str(each.id)) for each in world.channels.values() if not each.is_private]
    places.append(("Direct message", "dm"))
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Tickertape's local Discord</title><style>{_STYLE}</style></head>
<body><header><b>Tickertape's local Discord</b>: nothing here leaves this machine.
Ask {escape(world.bot.name)} below; stop an answer with its button or with 🛑.
<span class="error" id="status"></span></header>
<main>{channels(world)}</main>
<form>{_select("channel", places)}{_select("user", people)}
<input name="text" placeholder="Ask something" autocomplete="off" required>
<button value="say">Mention the bot</button><button value="slash">/ask</button></form>
<script>{_SCRIPT}</script></body></html>
"""


def channels(world: World) -> str:
    """Return the part of the page that changes."""
    return "".join(_section(world, channel) for channel in world.channels.values() if _worth_showing(channel))


def channel_name(channel: Channel) -> str:
    """Return what the app would call a channel."""
    if channel.is_private:
        return channel.name or "DM of " + " and ".join(user.name for user in channel.recipients)
    return channel.name


def _worth_showing(channel: Channel) -> bool:
    return bool(channel.messages) or channel.type is ChannelType.TEXT


def _select(name: str, options: list[tuple[str, str]]) -> str:
    inner = "".join(f'<option value="{escape(value)}">{escape(label)}</option>' for label, value in options)
    return f'<select name="{name}">{inner}</select>'


def _readable(world: World, text: str) -> str:
    """Return text with mentions of people as the app shows them."""

    def name(match: re.Match[str]) -> str:
        user = world.users.get(int(match[1]))
        return f"@{user.name}" if user else match[0]

    return re.sub(r"<@!?(\d+)>", name, text)


def _section(world: World, channel: Channel) -> str:
    sign = "" if channel.is_private else "# "
    guild = f' <span class="note">{escape(channel.guild.name)}</span>' if channel.guild else ""
    shown = "".join(_article(world, message) for message in channel.messages.values())
    failures = "".join(
        f'<p class="error">/{escape(_command_name(each))}: {escape(each.error)}</p>'
        for each in world.interactions.values()
        if each.channel is channel and each.error
    )
    return f"<section><h2>{sign}{escape(channel_name(channel))}{guild}</h2>{shown}{failures}</section>"


def _command_name(interaction: Interaction) -> str:
    return str(interaction.data.get("name") or interaction.data.get("custom_id"))


def _article(world: World, message: Message) -> str:
    notes = [
        *(
            [f"{message.interaction.user.name} used {_used(message.interaction)}"]
            if message.interaction
            else []
        ),
        *(["only the asker sees this"] if message.ephemeral else []),
        *(["edited"] if message.edited_wall is not None else []),
    ]
    tag = '<span class="tag">APP</span>' if message.author.bot else ""
    note = f'<span class="note">{escape(" · ".join(notes))}</span>' if notes else ""
    text = "*thinking…*" if message.loading else _readable(world, message.content)
    return (
        f'<article class="{"ephemeral" if message.ephemeral else ""}"><span class="who">'
        f'{escape(message.author.name)}</span>{tag}{note}<div class="text">{to_html(text)}</div>'
        f"{_files(world, message)}{_buttons(message)}{_reactions(message)}</article>"
    )


def _files(world: World, message: Message) -> str:
    held = [message_payloads.attachment(world, message.channel, each) for each in message.attachments]
    return "".join(
        f'<p>📎 <a href="{escape(each["url"])}">{escape(each["filename"])}</a>'
        f' <span class="note">{each["size"]:,} bytes</span></p>'
        for each in held
    )


def _used(interaction: Interaction) -> str:
    """Return what a response answers: a command with its options, a button, or a form."""
    if interaction.kind is InteractionKind.COMPONENT:
        return "a button"
    if interaction.kind is InteractionKind.MODAL_SUBMIT:
        return "a form"
    options: list[Json] = interaction.data.get("options") or []
    given = " ".join(f"{each['name']}: {each['value']}" for each in options if "value" in each)
    return f"/{_command_name(interaction)} {given}".strip()


def _buttons(message: Message) -> str:
    return "".join(
        f'<button data-message="{message.id}" data-press="{escape(button["custom_id"])}">'
        f"{escape(_label(button))}</button> "
        for button in message.buttons
    )


def _label(button: Json) -> str:
    emoji = (button.get("emoji") or {}).get("name") or ""
    return f"{emoji} {button.get('label') or ''}".strip() or json.dumps(button["custom_id"])


def _reactions(message: Message) -> str:
    shown = "".join(
        f'<span class="reaction">{escape(emoji)} {len(people)}</span> '
        for emoji, people in message.reactions.items()
    )
    if not message.author.bot or message.ephemeral:
        return shown
    return shown + f'<button class="react" data-message="{message.id}" data-emoji="🛑">🛑</button>'
