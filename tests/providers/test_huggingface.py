"""Hugging Face: the outcome of each kind of response, and the number of requests."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linkcheck.model.facts import ModelFacts, PageFacts, PaperFacts, PathFacts
from linkcheck.model.observation import Found, Gone, GoneReason, Observation, Unknown, UnknownReason
from linkcheck.model.protocols import ObservationRequest
from linkcheck.model.settings import ServiceSettings
from linkcheck.model.target import Service
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.huggingface.provider import HuggingFaceProvider
from linkcheck.providers.table import recognize
from tests.providers.fake_http import FakeHttp, answer, observe, question
from tests.providers.fake_hub import BASE, FakeHub, info, missing, moved, refused
from tests.virtual_time import START

SETTINGS = ServiceSettings()


class Run:
    """A provider over a scripted hub."""

    def __init__(
        self, hub: FakeHub, token: str | None = None, settings: ServiceSettings = SETTINGS
    ) -> None:
        self.http = FakeHttp(hub)
        self.notices: list[str] = []
        self.rejected: list[Service] = []
        self.provider = HuggingFaceProvider(
            self.http,
            replace(settings, huggingface_token=token),
            self.http.clock.now,
            self.notices.append,
            self.rejected.append,
        )

    def __call__(self, *paths: str) -> dict[str, Observation]:
        return observe(self.provider, [question(f"{BASE}/{path}") for path in paths])

    @property
    def paths(self) -> list[str]:
        return [a.url.partition("?")[0].removeprefix(BASE) for a in self.http.asked]


def unknown(observation: Observation) -> UnknownReason:
    assert isinstance(observation.outcome, Unknown), observation
    return observation.outcome.reason


def found(observation: Observation) -> Found:
    assert isinstance(observation.outcome, Found), observation
    return observation.outcome


def model(observation: Observation) -> ModelFacts:
    assert observation.model is not None, observation
    return observation.model


def test_facts_of_a_model() -> None:
    run = Run(FakeHub({"/api/models/Org/Bert": answer(200, info("Org/Bert"))}))
    observations = run("Org/Bert")["org/bert"]
    assert observations.outcome == Found(
        ModelFacts(
            repository_id="id-of-Org/Bert",
            full_name="Org/Bert",
            kind="model",
            license="mit",
            base_models=(),
            datasets=("bookcorpus",),
            languages=("en",),
            tags=("en", "dataset:bookcorpus", "arxiv:1810.04805", "license:mit", "region:us"),
            arxiv_ids=("1810.04805",),
            pipeline="fill-mask",
            gated="no",
            disabled=False,
            private=False,
            likes=20,
            downloads=7237,
            modified_at=datetime(2024, 2, 19, 11, 6, 12, tzinfo=UTC),
            created_at=datetime(2023, 3, 2, 23, 29, 4, tzinfo=UTC),
            card_present=True,
            card_has_metadata=True,
        )
    )
    assert (observations.http_status, observations.evidence[0].source) == (200, "huggingface-api")
    request = run.http.asked[0]
    assert "expand=cardData" in request.url
    assert "siblings" not in request.url
    assert (len(run.http.asked), request.token, request.trusted) == (1, None, True)


def test_licenses_and_base_models_of_a_card() -> None:
    card = {
        "license": "other",
        "license_name": "own",
        "license_link": "https://x/y",
        "base_model": "a/b",
        "pretty_name": "Pretty",
    }
    bare = {
        "tags": ["license:gemma", "base_model:a/b", "base_model:finetune:a/b"],
        "cardData": None,
    }
    run = Run(
        FakeHub(
            {
                "/api/models/o/card": answer(200, info("o/card", cardData=card)),
                "/api/models/p/tags": answer(200, info("p/tags", **bare)),
                "/api/models/q/list": answer(200, info("q/list", cardData={"license": ["a", "b"]})),
            }
        )
    )
    observations = run("o/card", "p/tags", "q/list")
    facts = model(observations["o/card"])
    assert (facts.license, facts.license_name, facts.license_link) == (
        "other",
        "own",
        "https://x/y",
    )
    assert (facts.base_models, facts.title) == (("a/b",), "Pretty")
    tagged = model(observations["p/tags"])
    assert (tagged.license, tagged.base_models) == ("gemma", ("a/b",))
    assert tagged.card_has_metadata is True
    assert model(observations["q/list"]).license == "a, b"
    assert len(run.http.asked) == 3


def test_datasets_and_spaces_have_their_own_endpoints() -> None:
    run = Run(
        FakeHub(
            {
                "/api/datasets/o/d": answer(200, info("o/d")),
                "/api/spaces/o/s": answer(200, info("o/s", gated=None)),
                "/api/datasets/squad": moved(
                    "/api/datasets/squad", "/api/datasets/r/squad", answer(200, info("r/squad"))
                ),
            }
        )
    )
    observations = run("datasets/o/d", "spaces/o/s", "datasets/squad")
    assert model(observations["o/d"]).kind == "dataset"
    assert model(observations["o/s"]).kind == "space"
    assert found(observations["squad"]).now_at == f"{BASE}/datasets/r/squad"
    assert not any("gated" in a.url for a in run.http.asked if "spaces" in a.url)


def test_missing_repositories_are_gone_with_and_without_a_token() -> None:
    anonymous = Run(FakeHub())("o/gone")["o/gone"]
    assert anonymous.outcome == Gone(GoneReason.GONE_OR_PRIVATE)
    assert anonymous.http_status == 401
    run = Run(FakeHub(token=True), token="hf_x")
    assert run("o/gone")["o/gone"].outcome == Gone(GoneReason.GONE_OR_PRIVATE)
    assert run.http.asked[0].token == "hf_x"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (answer(429, {"error": "We had to rate limit you"}), UnknownReason.RATE_LIMITED),
        (answer(500, "oops"), UnknownReason.SERVER_ERROR),
        (answer(503, "<html>busy"), UnknownReason.SERVER_ERROR),
        (HttpFailure(UnknownReason.TIMEOUT, "no answer"), UnknownReason.TIMEOUT),
        (HttpFailure(UnknownReason.DNS, "no address"), UnknownReason.DNS),
        (answer(403, {"error": "Forbidden"}), UnknownReason.FORBIDDEN),
        (answer(404, "<html>no such page"), UnknownReason.PROTOCOL),
        (answer(401, {"error": "?"}, {"x-error-code": "SomethingNew"}), UnknownReason.FORBIDDEN),
        (answer(200, "<html>"), UnknownReason.PROTOCOL),
        (answer(200, []), UnknownReason.PROTOCOL),
        (answer(200, {"modelId": "o/n"}), UnknownReason.PROTOCOL),
        (answer(200, info("o/n"), broken=True), UnknownReason.PROTOCOL),
        (answer(409, ""), UnknownReason.CLIENT_ERROR),
        (answer(307, ""), UnknownReason.REDIRECT_LOOP),
    ],
)
def test_inconclusive_responses_are_unknown(
    given: HttpResponse | HttpFailure, reason: UnknownReason
) -> None:
    limited = isinstance(given, HttpResponse) and given.status == 429
    hub = FakeHub({"/api/models/o/n": given}, left={"resolvers": 0} if limited else {})
    assert unknown(Run(hub)("o/n")["o/n"]) is reason


@pytest.mark.parametrize(
    "message",
    [
        "Invalid credentials in Authorization header",
        'User Access Token "ci" is expired',
        "Invalid username or password.",
    ],
)
def test_a_rejected_token_is_reported_once_and_no_longer_sent(message: str) -> None:
    def script(request: HttpRequest) -> HttpResponse:
        name = request.url.partition("/api/models/")[2].partition("?")[0]
        if request.token is not None:
            return answer(401, {"error": message}, {"x-error-message": message})
        return answer(200, info(name))

    run = Run(FakeHub({f"/api/models/o{i}/n": script for i in range(60)}), token="hf_bad")
    observations = run(*(f"o{i}/n" for i in range(60)))
    assert all(model(o).likes == 20 for o in observations.values())
    assert run.rejected == [Service.HUGGINGFACE]
    assert len(run.notices) == 1
    assert message in run.notices[0]
    assert "HF_TOKEN" in run.notices[0]
    assert len(run.http.asked) <= 60 + 16


def test_an_anonymous_401_needs_a_second_source() -> None:
    hub = FakeHub(
        {
            "/api/models": lambda request: (
                answer(200, [info("o/here"), info("o/gone2")])
                if "author=o" in request.url
                else answer(503, "busy")
            )
        }
    )
    assert Run(hub)("o/gone")["o/gone"].outcome == Gone(GoneReason.GONE_OR_PRIVATE)
    # The owner's listing has it, it is out of reach, or the id has no owner.
    assert unknown(Run(hub)("o/here")["o/here"]) is UnknownReason.HIDDEN
    assert unknown(Run(hub)("p/gone")["p/gone"]) is UnknownReason.HIDDEN
    assert unknown(Run(hub)("p/x/blob/main/f")["p/x/tree/main/f"]) is UnknownReason.HIDDEN


def test_an_anonymous_401_for_what_was_found_earlier_is_gone() -> None:
    hub = FakeHub({"/api/models": answer(503, "busy")})
    run = Run(hub)
    target = recognize(f"{BASE}/p/gone").target
    known = Observation(target, START, Found(ModelFacts()))
    [observation] = observe(run.provider, [ObservationRequest(target, previous=known)]).values()
    assert observation.outcome == Gone(GoneReason.GONE_OR_PRIVATE)
    assert "/api/models" not in run.paths


def test_the_listing_of_an_owner_is_requested_once() -> None:
    run = Run(FakeHub({"/api/models": answer(200, [info(f"o/n{i}") for i in range(9)])}))
    observations = run("o/a", "o/b", "o/c", "o/d/blob/main/x")
    assert all(isinstance(o.outcome, Gone) for o in observations.values())
    assert run.paths.count("/api/models") == 1


@pytest.mark.parametrize(
    "proxied",
    [
        answer(401, {}),
        answer(401, "<html>sign in"),
        answer(401, {"error": "Unauthorized"}),
        answer(401, {"message": "Invalid username or password."}),
        answer(404, {}),
        answer(404, {"message": "no route"}),
        answer(404, "[]"),
        answer(410, {}),
        answer(410, "gone"),
    ],
)
@pytest.mark.parametrize("token", [None, "hf_x"])
def test_an_error_in_another_form_is_not_the_hub_s(
    proxied: HttpResponse, token: str | None
) -> None:
    answers = {"/api/models/o/n": proxied, "/api/models": answer(200, [])}
    if token and proxied.status == 401 and b'"error"' in proxied.body:
        return  # with a token this is a rejected token
    run = Run(FakeHub(answers), token=token)
    assert unknown(run("o/n")["o/n"]) in {UnknownReason.PROTOCOL, UnknownReason.FORBIDDEN}
    assert run.rejected == []


def test_a_redirect_to_another_id_is_a_rename_unless_only_the_case_differs() -> None:
    def go(old: str, new: str) -> HttpResponse:
        return moved(f"/api/models/{old}", f"/api/models/{new}", answer(200, info(new)))

    run = Run(
        FakeHub(
            {
                "/api/models/bert-base-uncased": go("bert-base-uncased", "google-bert/bert"),
                "/api/models/old/name": go("old/name", "New/Name"),
                "/api/models/ORG/bert": go("ORG/bert", "Org/Bert"),
            }
        )
    )
    observations = run("bert-base-uncased", "old/name", "ORG/bert")
    legacy = found(observations["bert-base-uncased"])
    assert (legacy.now_at, legacy.permanent) == (f"{BASE}/google-bert/bert", True)
    renamed = found(observations["old/name"])
    assert (renamed.now_at, renamed.permanent) == (f"{BASE}/New/Name", True)
    assert model(observations["old/name"]).repository_id == "id-of-New/Name"
    same = found(observations["org/bert"])
    assert (same.now_at, same.permanent) == (None, False)


def test_a_repository_with_two_ids_is_requested_once() -> None:
    new = answer(200, info("New/Name"))
    run = Run(
        FakeHub(
            {
                "/api/models/old/name": moved("/api/models/old/name", "/api/models/New/Name", new),
                "/api/models/older/name": moved(
                    "/api/models/older/name", "/api/models/old/name", new
                ),
                "/api/models/New/Name": new,
            }
        )
    )
    observations = run("old/name", "older/name", "New/Name")
    assert {model(o).full_name for o in observations.values()} == {"New/Name"}
    assert run.paths.count("/api/models/New/Name") == 1


def test_a_redirect_loop_is_unknown() -> None:
    a = answer(307, "", {"location": "/api/models/b/b"})
    b = answer(307, "", {"location": "/api/models/a/a"})
    observations = Run(FakeHub({"/api/models/a/a": a, "/api/models/b/b": b}))("a/a")
    assert unknown(observations["a/a"]) is UnknownReason.REDIRECT_LOOP


def test_gated_and_disabled_are_facts() -> None:
    text = "Access to this resource is disabled."
    run = Run(
        FakeHub(
            {
                "/api/models/a/gated": answer(200, info("a/gated", gated="manual")),
                "/api/models/b/gated": refused(401, "GatedRepo"),
                "/api/models/c/disabled": answer(200, info("c/disabled", disabled=True)),
                "/api/datasets/d/off": answer(403, {"error": text}, {"x-error-message": text}),
                "/api/models/e/off": refused(403, "DisabledRepo"),
                "/api/models/f/off": answer(451, ""),
            }
        )
    )
    observations = run("a/gated", "b/gated", "c/disabled", "datasets/d/off", "e/off", "f/off")
    assert [model(observations[k]).gated for k in ("a/gated", "b/gated")] == ["manual", "manual"]
    assert all(model(observations[k]).disabled for k in ("c/disabled", "d/off", "e/off", "f/off"))


def test_requests_without_expand_after_a_bad_request() -> None:
    def script(request: HttpRequest) -> HttpResponse:
        if "expand" in request.url:
            return answer(400, {"error": "Invalid option: expected one of ..."})
        return answer(200, info("o/n"))

    run = Run(FakeHub({"/api/models/o/n": script}))
    assert model(run("o/n")["o/n"]).license == "mit"
    assert len(run.http.given) == 2


def test_null_and_missing_fields_are_unknown_facts() -> None:
    odd = {"likes": "many", "gated": 7, "lastModified": "soon", "tags": "x", "cardData": []}
    run = Run(
        FakeHub(
            {
                "/api/models/o/bare": answer(200, {"id": "o/bare"}),
                "/api/models/p/odd": answer(200, info("p/odd", **odd)),
            }
        )
    )
    observations = run("o/bare", "p/odd")
    assert observations["o/bare"].outcome == Found(ModelFacts(full_name="o/bare", kind="model"))
    facts = model(observations["p/odd"])
    assert (facts.likes, facts.gated, facts.modified_at) == (None, None, None)


@pytest.mark.parametrize(
    ("card", "present", "metadata", "license_id"),
    [
        (refused(404, "EntryNotFound"), False, False, None),
        (answer(200, "# Title\n\nno metadata"), True, False, None),
        (answer(200, "---\nlicense: apache-2.0\n---\n# Title"), True, True, "apache-2.0"),
        (answer(503, ""), None, False, None),
    ],
)
def test_the_card_is_requested_if_there_is_no_metadata(
    card: HttpResponse, present: bool | None, metadata: bool, license_id: str | None
) -> None:
    silent = info("o/n", cardData=None, tags=["region:us"])
    run = Run(
        FakeHub({"/api/models/o/n": answer(200, silent), "/o/n/resolve/main/README.md": card})
    )
    facts = model(run("o/n")["o/n"])
    assert (facts.card_present, facts.card_has_metadata) == (present, metadata)
    assert (facts.license, facts.likes) == (license_id, 20)
    assert len(run.http.given) == 2


def listing(entries: Sequence[object], following: str | None = None) -> HttpResponse:
    headers = {"link": f'<{BASE}{following}>; rel="next"'} if following else {}
    return answer(200, entries, headers)


def test_one_listing_for_all_repositories_of_an_owner() -> None:
    entries = [info(f"Org/m{i}") for i in range(5)] + [info("Org/unasked"), {"id": None}, "?"]
    hub = FakeHub(
        {
            "/api/models": listing(entries),
            "/api/datasets/org/d": answer(200, info("Org/d")),
            "/api/models/org/old": moved(
                "/api/models/org/old", "/api/models/Org/new", answer(200, info("Org/new"))
            ),
        }
    )
    run = Run(hub)
    names = [f"org/m{i}" for i in range(5)]
    observations = run(*names, "org/old", "org/gone", "datasets/org/d", "Org")
    assert all(found(observations[n]).now_at is None for n in names)
    assert model(observations["org/m0"]).likes == 20
    assert found(observations["org/old"]).now_at == f"{BASE}/Org/new"
    assert isinstance(observations["org/gone"].outcome, Gone)
    assert observations["org"].outcome == Found(PageFacts())
    assert sorted(run.paths) == [
        "/api/datasets/org/d",
        "/api/models",
        "/api/models/Org/new",
        "/api/models/org/gone",
        "/api/models/org/old",
    ]
    assert "author=org&limit=1000&expand=sha" in run.http.asked[0].url


def test_the_number_of_listing_pages_is_limited() -> None:
    pages = {
        "": listing([info("o/m0")], "/api/models?author=o&cursor=a"),
        "a": listing([info("o/m1")], "/api/models?author=o&cursor=b"),
        "b": listing([info("o/m2")]),
    }

    def script(request: HttpRequest) -> HttpResponse:
        return pages[request.url.partition("cursor=")[2]]

    singles = {f"/api/models/o/m{i}": answer(200, info(f"o/m{i}")) for i in range(4)}
    run = Run(FakeHub({"/api/models": script, **singles}))
    observations = run(*(f"o/m{i}" for i in range(4)))
    assert all(isinstance(o.outcome, Found) for o in observations.values())
    assert sorted(run.paths) == [
        "/api/models",
        "/api/models",
        "/api/models/o/m2",
        "/api/models/o/m3",
    ]


def test_a_next_link_to_another_host_is_not_followed() -> None:
    off = answer(200, [], {"link": '<https://evil.example/collect>; rel="next"'})
    run = Run(FakeHub({"/api/models": off, "/api/models/o/a": answer(200, info("o/a"))}))
    run("o/a", "o/b", "o/c", "o/d")
    assert all(url.startswith(f"GET {BASE}/api/") for url in run.http.urls)


@pytest.mark.parametrize(
    "given", [answer(500, ""), answer(200, {"no": "list"}), answer(404, {"error": "?"}), missing()]
)
def test_repositories_are_requested_one_by_one_if_the_listing_fails(given: HttpResponse) -> None:
    singles = {f"/api/models/o/m{i}": answer(200, info(f"o/m{i}")) for i in range(3)}
    observations = Run(FakeHub({"/api/models": given, **singles}))(*(f"o/m{i}" for i in range(3)))
    assert all(isinstance(o.outcome, Found) for o in observations.values())


def entry(path: str, kind: str = "file") -> dict[str, object]:
    return {"type": kind, "path": path, "oid": "x"}


def test_one_request_for_all_files_of_a_revision() -> None:
    paths = {
        "main": [entry("config.json"), entry("data", "directory")],
        "v1": [],
    }

    def script(request: HttpRequest) -> HttpResponse:
        revision = request.url.rpartition("/")[2]
        wanted = json.loads(request.content or b"")["paths"]
        return answer(200, [e for e in paths[revision] if e["path"] in wanted])

    places = {f"/api/models/o/n/paths-info/{r}": script for r in paths}
    run = Run(FakeHub({**places, "/api/models/o/n": answer(200, info("o/n"))}))
    observations = run(
        "o/n",
        "o/n/blob/main/config.json",
        "o/n/tree/main/data",
        "o/n/resolve/main/no.bin",
        "o/n/blob/v1/config.json",
    )
    exists = {k: o.facts.exists for k, o in observations.items() if isinstance(o.facts, PathFacts)}
    assert exists == {
        "o/n/tree/main/config.json": True,
        "o/n/tree/main/data": True,
        "o/n/tree/main/no.bin": False,
        "o/n/tree/v1/config.json": False,
    }
    old = observations["o/n/tree/v1/config.json"].facts
    assert isinstance(old, PathFacts)
    assert old.suggested_url == f"{BASE}/o/n/blob/main/config.json"
    # The repository, the files at main, those at v1, and what v1 lacks at main.
    assert len(run.http.asked) == 4


def test_files_in_gone_gated_and_renamed_repositories() -> None:
    def script(request: HttpRequest) -> HttpResponse:
        place = "/api/datasets/new/name/paths-info/main"
        there = answer(200, [entry("a.csv")])
        return moved("/api/datasets/old/name/paths-info/main", place, there)

    run = Run(
        FakeHub(
            {
                "/api/models/g/n/paths-info/main": refused(401, "GatedRepo"),
                "/api/datasets/old/name/paths-info/main": script,
                "/api/models/r/n/paths-info/v9": refused(404, "RevisionNotFound"),
                "/api/models/r/n/paths-info/main": answer(200, [entry("x")]),
                "/api/models/s/n/paths-info/main": answer(200, {"not": "a list"}),
                "/api/models/t/n": answer(403, "", {"x-error-code": "DisabledRepo"}),
            }
        )
    )
    observations = run(
        "o/gone/blob/main/x",
        "o/gone",
        "g/n/blob/main/x",
        "datasets/old/name/blob/main/a.csv",
        "r/n/blob/v9/x",
        "s/n/blob/main/x",
        "t/n",
        "t/n/blob/main/x",
    )
    assert isinstance(observations["o/gone/tree/main/x"].outcome, Gone)
    assert isinstance(observations["o/gone"].outcome, Gone)
    assert run.paths.count("/api/models/o/gone") == 1
    assert not any("gone/paths-info" in path for path in run.paths)
    assert model(observations["g/n/tree/main/x"]).gated == "manual"
    renamed = found(observations["datasets/old/name/tree/main/a.csv"])
    assert renamed.now_at == f"{BASE}/datasets/new/name/blob/main/a.csv"
    assert isinstance(renamed.facts, PathFacts)
    assert renamed.facts.exists
    revision = observations["r/n/tree/v9/x"].facts
    assert isinstance(revision, PathFacts)
    assert (revision.exists, revision.suggested_url) == (False, f"{BASE}/r/n/blob/main/x")
    assert unknown(observations["s/n/tree/main/x"]) is UnknownReason.PROTOCOL
    assert model(observations["t/n/tree/main/x"]).disabled


def test_revisions_discussions_and_tabs() -> None:
    run = Run(
        FakeHub(
            {
                "/api/models/o/n": answer(200, info("o/n")),
                "/api/models/o/n/revision/v1": answer(200, info("o/n")),
                "/api/models/o/n/revision/v2": refused(404, "RevisionNotFound"),
                "/api/models/o/n/discussions/3": answer(200, {"num": 3}),
            }
        )
    )
    paths = ("", "/tree/v1", "/tree/v2", "/discussions/3", "/discussions/4", "/discussions")
    observations = run(*(f"o/n{path}" for path in paths))
    revisions = [observations[f"o/n/tree/{r}"].facts for r in ("v1", "v2")]
    assert [isinstance(f, PathFacts) and f.exists for f in revisions] == [True, False]
    assert found(observations["o/n/discussions/3"]).facts == PageFacts()
    assert isinstance(observations["o/n/discussions/4"].outcome, Gone)
    assert model(observations["o/n/discussions"]).likes == 20
    assert run.paths.count("/api/models/o/n") == 1


def test_papers_collections_and_owners() -> None:
    org = {"_id": "1", "name": "Org", "fullname": "The Org"}
    user = {"_id": "2", "user": "someone", "fullname": "Some One"}
    paper = {
        "id": "2407.21783",
        "title": "A Herd",
        "authors": [{"name": "A. Author"}, {"name": None}],
        "publishedAt": "2024-07-31T00:00:00.000Z",
    }
    run = Run(
        FakeHub(
            {
                "/api/papers/2407.21783": answer(200, paper),
                "/papers/2401.00001": answer(200, "<html>"),
                "/api/collections/org/set-1": answer(200, {"slug": "org/set-1", "title": "Set"}),
                "/api/collections/org/old-2": answer(200, {"slug": "org/new-2", "title": "Set"}),
                "/api/organizations/org/overview": answer(200, org),
                "/api/users/someone/overview": answer(200, user),
                "/api/models/legacy": moved(
                    "/api/models/legacy", "/api/models/o/legacy", answer(200, info("o/legacy"))
                ),
                "/api/organizations/shy/overview": answer(500, ""),
            }
        )
    )
    observations = run(
        "papers/2407.21783", "papers/2401.00001", "papers/2401.99999",
        "collections/org/set-1", "collections/org/old-2", "collections/org/none",
        "org", "someone", "legacy", "nobody", "shy",
    )  # fmt: skip
    assert found(observations["papers/2407.21783"]).facts == PaperFacts(
        paper_id="2407.21783",
        title="A Herd",
        authors=("A. Author",),
        published_at=datetime(2024, 7, 31, tzinfo=UTC),
    )
    assert found(observations["papers/2401.00001"]).facts == PageFacts()
    assert isinstance(observations["papers/2401.99999"].outcome, Gone)
    assert found(observations["collections/org/set-1"]).now_at is None
    assert found(observations["collections/org/old-2"]).now_at == f"{BASE}/collections/org/new-2"
    assert isinstance(observations["collections/org/none"].outcome, Gone)
    assert found(observations["org"]).facts == PageFacts(title="The Org")
    assert found(observations["someone"]).facts == PageFacts(title="Some One")
    assert found(observations["legacy"]).now_at == f"{BASE}/o/legacy"
    assert observations["nobody"].outcome == Gone(GoneReason.NOT_FOUND)
    assert unknown(observations["shy"]) is UnknownReason.SERVER_ERROR


CARD = "---\nlicense: llama2\nbase_model:\n- meta-llama/Llama-2-7b\n---\n# The title\n"


def test_cards_are_requested_when_the_api_limit_is_used_up() -> None:
    owners = [f"o{i}" for i in range(40)]
    answers = {f"/api/models/{o}/n": answer(200, info(f"{o}/n")) for o in owners}
    answers |= {f"/{o}/n/resolve/main/README.md": answer(200, CARD) for o in owners}
    hub = FakeHub(answers, left={"api": 10})
    run = Run(hub)
    observations = run(*(f"{o}/n" for o in owners))
    assert all(isinstance(o.outcome, Found) for o in observations.values())
    by_card = [o for o in observations.values() if o.evidence[0].source == "huggingface-card"]
    assert len(by_card) == 30
    facts = model(by_card[0])
    assert (facts.license, facts.base_models) == ("llama2", ("meta-llama/Llama-2-7b",))
    assert (facts.title, facts.likes, facts.repository_id) == ("The title", None, None)
    assert run.http.waits == []


@pytest.mark.parametrize(
    ("card", "outcome"),
    [
        (refused(404, "EntryNotFound"), "card_missing"),
        (refused(401, "GatedRepo"), "gated"),
        (missing(), "gone"),
        (
            moved(
                "/o/n/resolve/main/README.md", "/New/N/resolve/main/README.md", answer(200, CARD)
            ),
            "renamed",
        ),
        (
            moved(
                "/o/n/resolve/main/README.md",
                "/api/resolve-cache/models/o/n/abc/README.md",
                answer(200, CARD),
            ),
            "there",
        ),
    ],
)
def test_outcomes_from_the_card_alone(card: HttpResponse, outcome: str) -> None:
    hub = FakeHub({"/o/n/resolve/main/README.md": card}, left={"api": 0})
    hub.answers["/api/models/first/one"] = missing()
    observations = Run(hub)("o/n")["o/n"]
    if outcome == "gone":  # no request is left for the listing that would confirm it
        assert unknown(observations) is UnknownReason.HIDDEN
        return
    facts = model(observations)
    assert found(observations).now_at == (f"{BASE}/New/N" if outcome == "renamed" else None)
    assert (facts.card_present is False) == (outcome == "card_missing")
    assert (facts.gated == "manual") == (outcome == "gated")


def test_files_are_requested_from_the_resolver_when_the_api_limit_is_used_up() -> None:
    def redirect(location: str) -> HttpResponse:
        return answer(307, "", {"location": location}, url=f"{BASE}/o/n/resolve/main/x")

    hub = FakeHub(
        {
            "/o/n/resolve/main/small": redirect("/api/resolve-cache/models/o/n/abc/small"),
            "/o/n/resolve/main/large": redirect("https://cdn.example/large"),
            "/o/n/resolve/main/plain": answer(200, ""),
            "/o/n/resolve/main/none": refused(404, "EntryNotFound"),
            "/q/n/resolve/main/x": redirect("/New/n/resolve/main/x"),
            "/New/n/resolve/main/x": answer(200, ""),
        },
        left={"api": 0},
    )
    run = Run(hub)
    names = ["small", "large", "plain", "none"]
    links = [f"o/n/blob/main/{n}" for n in names]
    hub.left = {"api": 1}
    hub.answers["/api/models/o/n"] = answer(200, info("o/n"))
    observations = run("o/n", *links)
    exists = {k: o.facts.exists for k, o in observations.items() if isinstance(o.facts, PathFacts)}
    assert exists == {f"o/n/tree/main/{n}": n != "none" for n in names}
    assert len(run.http.asked) == 5
    hub.left = {"api": 1}
    hub.answers["/api/models/q/n"] = answer(200, info("q/n"))
    renamed = Run(hub)("q/n", "q/n/blob/main/x")["q/n/tree/main/x"]
    assert found(renamed).now_at == f"{BASE}/New/n/blob/main/x"


def test_waits_for_a_rate_limit_within_max_wait() -> None:
    owners = [f"o{i}" for i in range(6)]
    hub = FakeHub({f"/api/models/{o}/n": answer(200, info(f"{o}/n")) for o in owners}, reset=20)
    hub.answers |= {f"/{o}/n/resolve/main/README.md": answer(200, CARD) for o in owners}
    hub.left = {"api": 3, "resolvers": 0}
    run = Run(hub)
    script = run.http.script

    def refilling(request: HttpRequest) -> HttpResponse | HttpFailure:
        if run.http.clock.now() >= START + timedelta(seconds=20):
            hub.left = {"api": 100, "resolvers": 100}
        return script(request)

    run.http.script = refilling
    observations = run(*(f"{o}/n" for o in owners))
    assert run.http.times[-1] <= START + timedelta(seconds=60)
    assert all(isinstance(o.outcome, Found) for o in observations.values())


def test_rate_limits_beyond_max_wait_are_unknown() -> None:
    run = Run(FakeHub(left={"api": 0, "resolvers": 0}))
    run.http.deadline = 120
    observations = run(*(f"o{i}/n" for i in range(100)))
    assert {unknown(o) for o in observations.values()} == {UnknownReason.RATE_LIMITED}
    assert len(run.http.asked) <= 40
    late = [o for o in observations.values() if "12:03 UTC" in str(o.outcome)]
    assert late
    assert START.hour == 12


def test_connection_failures_are_unknown() -> None:
    run = Run(FakeHub())
    run.http.script = lambda _: HttpFailure(UnknownReason.CONNECT, "connection refused")
    observations = run("o/a", "o/b", "datasets/x/y", "papers/2401.00001", "org", "o/a/blob/main/x",
               "collections/o/c-1", "z/z/tree/v1", "z/z/discussions/4")  # fmt: skip
    failed = {UnknownReason.CONNECT, UnknownReason.HOST_DOWN}
    assert {unknown(o) for o in observations.values()} <= failed


def test_a_configured_endpoint_gets_the_requests_and_urls_stay_public() -> None:
    def script(request: HttpRequest) -> HttpResponse:
        assert request.url.startswith("http://127.0.0.1:7/hub/api/models/o/n?")
        return answer(200, info("new/n"))

    run = Run(FakeHub(), settings=ServiceSettings(huggingface="http://127.0.0.1:7/hub/"))
    run.http.script = script
    assert found(run("o/n")["o/n"]).now_at == f"{BASE}/new/n"
