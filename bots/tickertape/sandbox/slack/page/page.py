"""The page at `/`: the workspace as it is now, live, with a form to ask and buttons to stop."""

from __future__ import annotations

from html import escape

from aiohttp import web

from tickertape.sandbox.markdown import to_html
from tickertape.sandbox.slack.blocks import elements
from tickertape.sandbox.slack.page.control import PEOPLE
from tickertape.sandbox.slack.world.models import Channel, Message
from tickertape.sandbox.slack.world.world import World

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 0; color: #1d1c1d; background: #f8f8f8 }
header { background: #3f0e40; color: #fff; padding: .6rem 1rem; position: sticky; top: 0 }
header form { display: flex; gap: .4rem; flex-wrap: wrap } header input { flex: 1; min-width: 12rem }
h1 { font-size: 1rem; margin: 0 0 .4rem } h2 { font-size: 1rem; border-bottom: 1px solid #ddd }
main { max-width: 54rem; margin: 0 auto; padding: 0 1rem }
article { padding: .3rem .6rem; border-radius: 6px } article.reply { margin-left: 2rem; border-left: 3px solid #ddd }
article.own { background: #fff } article.private { background: #fff8e1 }
article div { overflow-wrap: anywhere } article p, article pre, article ul, article ol { margin: .25rem 0 }
article h1, article h2, article h3 { font-size: 1.05rem; border: 0; margin: .6rem 0 .2rem } small { color: #616061 }
article pre, article :not(pre) > code { background: #f0f0f0; border: 1px solid #ddd; border-radius: 4px; padding: 0 4px }
article pre { padding: .5rem; overflow-x: auto } table { border-collapse: collapse } td, th { border: 1px solid #ccc; padding: 2px 8px }
"""

_SCRIPT = """
const main = document.querySelector('main'), form = document.querySelector('form');
const user = () => form.elements.user.value;
const send = async (action, fields) => {
  const answer = await fetch('/sandbox/' + action, {method: 'POST', body: new URLSearchParams(fields)});
  const {error, shown_error} = await answer.json();
  document.querySelector('output').textContent = error || shown_error || '';
};
const refresh = async () => {
  main.innerHTML = await (await fetch('/sandbox/view?user=' + encodeURIComponent(user()))).text();
};
new EventSource('/sandbox/changes').onmessage = refresh;
form.elements.user.addEventListener('change', refresh);
form.addEventListener('submit', event => {
  event.preventDefault();
  const action = event.submitter.value, fields = Object.fromEntries(new FormData(form));
  send(action === 'mention' ? 'say' : action, {...fields, ...(action === 'mention' && {mention_bot: 1})});
  form.elements.text.value = '';
});
main.addEventListener('click', event => {
  const {action, ...fields} = event.target.dataset;
  if (action) send(action, {...fields, user: user()});
});
"""


def add_routes(app: web.Application) -> None:
    """Add the page to the server."""
    app.router.add_get("/", _page)
    app.router.add_get("/sandbox/view", _view)


async def _page(request: web.Request) -> web.Response:
    return _html(page(request.app[PEOPLE].world))


async def _view(request: web.Request) -> web.Response:
    world = request.app[PEOPLE].world
    try:
        viewer = world.user(request.query.get("user", "alice")).id
    except LookupError:
        return web.Response(status=400, text="no such user")
    return _html(view(world, viewer))


def _html(text: str) -> web.Response:
    policy = "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
    return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})


def page(world: World) -> str:
    """Return the whole page as seen by the first person of the workspace."""
    people = [user for user in world.users.values() if not user.is_bot]
    places = [channel for channel in world.channels.values() if not channel.is_direct]
    users = "".join(f"<option>{escape(user.name)}</option>" for user in people)
    channels = "".join(
        f'<option value="{escape(place.id)}">#{escape(place.name)}</option>' for place in places
    )
    return f"""<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Slack sandbox</title><style>{_STYLE}</style>
<header><h1>Slack sandbox</h1>
<form><select name="user">{users}</select><select name="channel">{channels}</select>
<input name="text" placeholder="Ask something" required autocomplete="off">
<button value="mention">Mention</button><button value="slash">/ask</button><button value="dm">Direct message</button> <output></output>
</form></header>
<main>{view(world, people[0].id)}</main>
<script>{_SCRIPT}</script></html>"""


def view(world: World, viewer: str) -> str:
    """Return the channels that `viewer` (a user id) sees, as HTML."""
    seen = (place for place in world.channels.values() if not place.is_direct or viewer in place.members)
    return "".join(_channel(world, place, viewer) for place in seen)


def _channel(world: World, channel: Channel, viewer: str) -> str:
    private = [sent for sent in world.ephemerals if (sent.ephemeral_to, sent.channel) == (viewer, channel.id)]
    shown = [sent for sent in (*channel.messages.values(), *private) if not sent.deleted]
    shown.sort(key=lambda sent: (sent.root, sent.ts))
    title = "Direct messages" if channel.is_direct else f"#{channel.name}"
    held = "".join(_message(world, sent, viewer) for sent in shown) or "<p><small>Nothing yet.</small></p>"
    return f"<section><h2>{escape(title)}</h2>{held}</section>"


def _message(world: World, sent: Message, viewer: str) -> str:
    author = world.users.get(sent.user)
    classes = " ".join(
        name
        for name, holds in (
            ("reply", sent.root != sent.ts),
            ("own", sent.user == world.bot.id),
            ("private", sent.ephemeral_to is not None),
        )
        if holds
    )
    notes = [
        note for note, holds in (("(edited)", sent.edited), ("only you see this", sent.ephemeral_to)) if holds
    ]
    return (
        f'<article class="{classes}"><b>{escape(author.real_name if author else "Robot")}</b> '
        f"<small>{' '.join(notes)}</small><div>{to_html(named(world, sent.seen_by(viewer)))}</div>"
        f"{_files(sent)}<small>{_reactions(sent)}</small> {_buttons(sent)}</article>"
    )


def named(world: World, text: str) -> str:
    """Return `text` with the users' names in place of their ids."""
    for user in world.users.values():
        text = text.replace(f"@{user.id}", f"@{user.name}")
    return text


def _files(sent: Message) -> str:
    return "".join(
        f"<p>📎 {escape(held['name'])} <small>{held['size']:,} bytes</small></p>"
        for held in sent.content.files
    )


def _reactions(sent: Message) -> str:
    return " ".join(f":{escape(name)}: {len(users)}" for name, users in sent.reactions.items() if users)


def _buttons(sent: Message) -> str:
    """Return the message's own buttons, and one that reacts with a stop sign."""
    target = f'data-channel="{escape(sent.channel)}" data-ts="{escape(sent.ts)}"'
    own = "".join(
        f'<button data-action="press" {target} data-action_id="{escape(element["action_id"])}" '
        f'data-positive="{positive:d}">{escape(label)}</button>'
        for _, element in elements.interactive(sent.blocks)
        for label, positive in elements.labels(element)
    )
    return own + f'<button data-action="react" {target} title="Stop by reaction">\N{OCTAGONAL SIGN}</button>'
