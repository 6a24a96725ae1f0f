"""Arguments in requests as the standard writes them: the table of styles of OpenAPI 3.1, and what it leaves open."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_envs.adapters.openapi.http_world import HttpRequest, HttpResponse, HttpWorld, openapi_world
from fr_envs.adapters.openapi.styles import ParameterPlace, cookie_of, header_of, pairs_of, segment_of
from fr_envs.episode.session import Session
from fr_envs.errors import Refusal

LIST = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}


@pytest.mark.parametrize(
    ("style", "explode", "text", "several", "members"),
    [
        ("simple", False, "blue", "blue,black,brown", "R,100,G,200,B,150"),
        ("simple", True, "blue", "blue,black,brown", "R=100,G=200,B=150"),
        ("label", False, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
        ("label", True, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
        ("matrix", False, ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
        ("matrix", True, ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
    ],
)
def test_paths(style: str, explode: bool, text: str, several: str, members: str) -> None:
    place = ParameterPlace("path", "color", style, explode)
    assert [segment_of(place, value) for value in ("blue", LIST, OBJECT)] == [text, several, members]


@pytest.mark.parametrize(
    ("style", "explode", "several", "members"),
    [
        ("form", True, "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
        ("form", False, "color=blue,black,brown", "color=R,100,G,200,B,150"),
        ("spaceDelimited", False, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
        ("pipeDelimited", False, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
        (
            "deepObject",
            True,
            "color=blue&color=black&color=brown",
            "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
        ),
    ],
)
def test_queries(style: str, explode: bool, several: str, members: str) -> None:
    place = ParameterPlace("query", "color", style, explode)
    assert ["&".join(pairs_of(place, value)) for value in (LIST, OBJECT)] == [several, members]
    assert pairs_of(place, "") == ["color="]
    assert pairs_of(place, None) == pairs_of(place, []) == []


def test_what_delimits_stays_apart_from_what_is_said() -> None:
    assert pairs_of(ParameterPlace("query", "q", explode=False), ["a,b", "c&d=e", "é "]) == [
        "q=a%2Cb,c%26d%3De,%C3%A9%20"
    ]
    assert segment_of(ParameterPlace("path", "id", "label", True), ["a.b/c", "?"]) == ".a.b%2Fc.%3F"
    assert pairs_of(ParameterPlace("query", "u", reserved=True), "http://x/?a=1") == ["u=http://x/?a=1"]
    assert pairs_of(ParameterPlace("query", "f", as_json=True), {"a": [1]}) == ["f=%7B%22a%22%3A%20%5B1%5D%7D"]
    nested = {"a": {"b": [1, 2], "c": None}}
    assert pairs_of(ParameterPlace("query", "f", "deepObject"), nested) == ["f%5Ba%5D%5Bb%5D=1", "f%5Ba%5D%5Bb%5D=2"]
    assert header_of(ParameterPlace("header", "X-A", "simple", False), OBJECT) == "R,100,G,200,B,150"
    assert header_of(ParameterPlace("header", "X-A", "simple", True), {"R": True}) == "R=true"
    assert cookie_of(ParameterPlace("cookie", "c"), ["a", "b;"]) == "c=a; c=b%3B"


@pytest.mark.parametrize("style", ["simple", "label", "matrix"])
@pytest.mark.parametrize("value", ["", None, [], {}, [None]])
def test_an_empty_segment_is_refused(style: str, value: Any) -> None:
    with pytest.raises(Refusal, match="cannot hold an empty id"):
        segment_of(ParameterPlace("path", "id", style, False), value)


@given(st.text(min_size=1), st.sampled_from(["simple", "label", "matrix"]), st.booleans())
def test_a_segment_stays_one(value: str, style: str, explode: bool) -> None:
    written = segment_of(ParameterPlace("path", "id", style, explode), value)
    assert written.strip(".")
    assert not set(written) & set("/?# ")


@given(st.dictionaries(st.text(min_size=1), st.text(), min_size=1), st.sampled_from(["form", "deepObject"]))
def test_members_come_back(value: dict[str, str], style: str) -> None:
    pairs = parse_qsl("&".join(pairs_of(ParameterPlace("query", "q", style), value)), keep_blank_values=True)
    assert dict(pairs) == {f"q[{key}]" if style == "deepObject" else key: text for key, text in value.items()}


def test_a_document_says_how() -> None:
    sent: list[HttpRequest] = []

    def send(request: HttpRequest) -> HttpResponse:
        sent.append(request)
        return HttpResponse(200, b"{}")

    plain: Any = {"schema": {}}
    parameters = [
        {"name": "id", "in": "path", "required": True, "style": "matrix", **plain},
        {"name": "filter", "in": "query", "style": "deepObject", "explode": True, **plain},
        {"name": "tags", "in": "query", "style": "pipeDelimited", "explode": False, **plain},
        {"name": "where", "in": "query", "content": {"application/json": plain}},
        {"name": "X-Ids", "in": "header", **plain},
    ]
    form = {"schema": {"type": "object", "properties": {"a": {}, "b": {}}}, "encoding": {"b": {"explode": False}}}
    operation = {"operationId": "put", "parameters": parameters,
                 "requestBody": {"content": {"application/x-www-form-urlencoded": form}}}  # fmt: skip
    document = {"openapi": "3.1.0", "info": {"title": "Some"}, "paths": {"/x/{id}": {"put": operation}}}
    session = Session(openapi_world(document, HttpWorld("http://s", send=send)).domain)
    session.reset()
    session.call("put", {"id": "a", "filter": {"k": 1}, "tags": ["p", "q"], "where": [1], "X-Ids": [1, 2], "a": [1, 2],
                         "b": [1, 2]})  # fmt: skip
    assert sent[0].url == "http://s/x/;id=a?filter%5Bk%5D=1&tags=p%7Cq&where=%5B1%5D"
    assert (sent[0].headers["X-Ids"], sent[0].body) == ("1,2", b"a=1&a=2&b=1,2")
    assert "cannot hold an empty id" in session.call("put", {"id": ""})["error"]["message"]
    assert len(sent) == 1
