from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.english import english
from tests.support.keys import person
from tickertape.prompts.asker import Asker, direct_messages
from tickertape.rules.access import Access, Lists, Reason, Refusal

ANN, BOB, SLACK_ANN = "discord:1", "discord:2", "slack:U1"
STAFF, GUESTS = "discord:77", "discord:78"
HALL, THREAD_IN_HALL, OFFICE = "discord:100", "discord:101", "discord:200"
DIRECT = direct_messages("discord")


def asker(user: str = ANN, *channels: str, roles: set[str] | None = frozenset()) -> Asker:  # type: ignore[assignment]  # frozenset is a set here
    return Asker(person(user), frozenset(channels or {HALL}), None if roles is None else frozenset(roles))


def lists(*, users: str = "", roles: str = "", channels: str = "") -> Lists:
    people = frozenset(map(person, users.split()))
    return Lists(people, frozenset(roles.split()), frozenset(channels.split()))


def test_without_any_list_everybody_may_ask_everything() -> None:
    assert Access().check(asker()) is None
    assert Access().check(asker(roles=None), "any") is None
    assert not Access().is_admin(asker())


@pytest.mark.parametrize(
    ("allow", "who", "refused"),
    [
        (lists(users=ANN), asker(ANN), None),
        (lists(users=ANN), asker(BOB), Reason.PERSON),
        (lists(users=ANN), asker(SLACK_ANN), Reason.PERSON),
        (lists(roles=STAFF), asker(BOB, roles={STAFF, GUESTS}), None),
        (lists(roles=STAFF), asker(BOB, roles={GUESTS}), Reason.PERSON),
        (lists(roles=STAFF), asker(BOB, roles=None), Reason.PERSON),
        (lists(users=ANN, roles=STAFF), asker(ANN), None),
        (lists(users=ANN, roles=STAFF), asker(BOB, roles={STAFF}), None),
        (lists(users=ANN, roles=STAFF), asker(BOB), Reason.PERSON),
        (lists(channels=HALL), asker(ANN, HALL), None),
        (lists(channels=HALL), asker(ANN, THREAD_IN_HALL, HALL), None),
        (lists(channels=HALL), asker(ANN, OFFICE), Reason.CHANNEL),
        (lists(channels=HALL), asker(ANN, "discord:900", DIRECT), Reason.CHANNEL),
        (lists(channels=DIRECT), asker(ANN, "discord:900", DIRECT), None),
        (lists(users=ANN, channels=HALL), asker(ANN, OFFICE), Reason.CHANNEL),
        (lists(users=ANN, channels=HALL), asker(BOB, HALL), Reason.PERSON),
    ],
)
def test_an_allow_list_that_is_not_empty_keeps_others_out(
    allow: Lists, who: Asker, refused: Reason | None
) -> None:
    refusal = Access(allow=allow).check(who)
    assert refusal == (None if refused is None else Refusal(refused))


@pytest.mark.parametrize(
    ("deny", "who", "refused"),
    [
        (lists(users=ANN), asker(ANN), Reason.PERSON),
        (lists(users=ANN), asker(BOB), None),
        (lists(roles=GUESTS), asker(BOB, roles={GUESTS}), Reason.PERSON),
        (lists(roles=GUESTS), asker(BOB, roles={STAFF}), None),
        (lists(roles=GUESTS), asker(BOB, roles=None), Reason.PERSON),
        (lists(roles=GUESTS), asker(SLACK_ANN, roles=None), None),
        (lists(channels=HALL), asker(ANN, THREAD_IN_HALL, HALL), Reason.CHANNEL),
        (lists(channels=HALL), asker(ANN, OFFICE), None),
        (lists(channels=DIRECT), asker(ANN, "discord:900", DIRECT), Reason.CHANNEL),
    ],
)
def test_a_deny_list_keeps_out_whom_it_names_and_whoever_it_may_name(
    deny: Lists, who: Asker, refused: Reason | None
) -> None:
    refusal = Access(deny=deny).check(who)
    assert refusal == (None if refused is None else Refusal(refused))


def test_an_admin_needs_no_allow_list_but_obeys_the_deny_lists() -> None:
    everywhere = Access(
        allow=lists(users=BOB, channels=OFFICE), admins=lists(users=ANN), models={"dear": lists(users=BOB)}
    )
    assert everywhere.check(asker(ANN, HALL), "dear") is None
    quiet = Access(deny=lists(channels=HALL), admins=lists(users=ANN, roles=STAFF))
    assert quiet.check(asker(ANN, HALL)) == Refusal(Reason.CHANNEL)
    assert quiet.is_admin(asker(BOB, roles={STAFF}))
    assert not quiet.is_admin(asker(BOB, roles=None))


def test_a_model_can_be_kept_for_some() -> None:
    access = Access(models={"dear": lists(roles=STAFF), "local": lists(channels=OFFICE)})
    staff, other = asker(ANN, HALL, roles={STAFF}), asker(BOB, OFFICE)
    assert access.check(staff, "dear") is None
    assert access.check(other, "dear") == Refusal(Reason.MODEL, "dear")
    assert access.check(staff, "local") == Refusal(Reason.MODEL, "local")
    assert access.check(other) is None
    assert access.usable(staff, ["dear", "local", "free"]) == ("dear", "free")
    assert access.usable(other, ["dear", "local", "free"]) == ("local", "free")


@pytest.mark.parametrize("reason", list(Reason))
def test_a_refusal_is_one_sentence_or_two_without_ids(reason: Reason) -> None:
    sentence = english(Refusal(reason, "dear").sentence)
    assert sentence.endswith(".")
    assert "discord:" not in sentence
    assert ("dear" in sentence) == (reason is Reason.MODEL)


IDS = [ANN, BOB, SLACK_ANN, STAFF, GUESTS, HALL, OFFICE, DIRECT]
some = st.frozensets(st.sampled_from(IDS), max_size=3)
people = st.frozensets(st.sampled_from([person(ANN), person(BOB), person(SLACK_ANN)]), max_size=3)
LISTS = st.builds(Lists, people, some, some)
ASKERS = st.builds(
    Asker, st.sampled_from([person(ANN), person(BOB), person(SLACK_ANN)]), some, st.one_of(st.none(), some)
)
ACCESS = st.builds(
    Access, LISTS, LISTS, LISTS, st.dictionaries(st.sampled_from(["dear", "free"]), LISTS, max_size=2)
)


@given(ACCESS, ASKERS)
def test_whoever_a_deny_list_names_is_refused_whatever_else_is_set(access: Access, who: Asker) -> None:
    if access.deny.name_person(who) or access.deny.name_channel(who):
        assert access.check(who) is not None


@given(ACCESS, ASKERS)
def test_a_model_never_gives_more_than_no_model(access: Access, who: Asker) -> None:
    if access.check(who) is not None:
        assert access.check(who, "dear") == access.check(who)
        assert access.usable(who, ["dear", "free"]) == ()


@given(ACCESS, ASKERS)
def test_not_knowing_the_roles_never_gives_more_than_any_roles(access: Access, who: Asker) -> None:
    unknown = Asker(who.user, who.channels, None)
    if access.check(unknown, "dear") is not None:
        return
    roles = sorted(role for role in {STAFF, GUESTS} | access.deny.roles if role.startswith(who.platform))
    for held in chain.from_iterable(combinations(roles, size) for size in range(len(roles) + 1)):
        assert access.check(Asker(who.user, who.channels, frozenset(held)), "dear") is None
