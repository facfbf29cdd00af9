# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""The simulator's own endpoints below /_simulator: no credentials, no limits, not in the log."""

from __future__ import annotations

from collections.abc import Callable

from ..service import auth, switches
from ..service import faults as fault_rules
from ..service import limits as limit_rules
from ..service.messages import ApiError, Json, Request, Response, json_response
from ..service.simulator import Simulator
from ..world import scenario as scenarios
from ..world import times
from ..world.fields import ScenarioError
from ..world.model import Change
from . import webhooks

_ERRORS = (
    auth.CredentialError,
    fault_rules.FaultError,
    limit_rules.LimitError,
    ScenarioError,
    switches.SwitchError,
    times.TimeError,
)


def respond(sim: Simulator, request: Request) -> Response:
    parts = request.path.strip("/").split("/")[1:]
    name = parts[0] if parts else ""
    handler = _HANDLERS.get((request.method, name))
    if handler is None:
        known = sorted({f"{method} /_simulator/{path}" for method, path in _HANDLERS})
        return json_response({"error": f"{request.method} {request.path} does not exist", "there_are": known}, 404)
    try:
        return json_response(handler(sim, request, parts[1:]))
    except ApiError as error:
        return json_response({"error": error.message}, error.status)
    except _ERRORS as error:
        return json_response({"error": str(error)}, 400)
    except (KeyError, TypeError, ValueError) as error:
        return json_response({"error": f"{type(error).__name__}: {error}"}, 400)


def _object(request: Request) -> Json:
    data = request.json()
    if not isinstance(data, dict):
        raise ApiError(400, "the body must be an object")
    return data


def _index(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    return {
        "now": times.iso(sim.now()),
        "tests": len(sim.world.tests),
        "nodes": len(sim.world.nodes),
        "control": sorted({f"{method} /_simulator/{path}" for method, path in _HANDLERS}),
    }


def _requests(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    with sim.lock:
        return {
            "total": sim.total,
            "logins": sim.logins,
            "rejected_429": sim.rejected,
            "by_path": dict(sim.by_path),
            "requests": [dict(entry) for entry in sim.log],
        }


def _forget_requests(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    sim.reset_log()
    return {"total": 0}


def _get_faults(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    with sim.lock:
        return {"faults": sim.faults.remaining()}


def _put_faults(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    orders = request.json()
    with sim.lock:
        sim.faults.add(orders)
        return {"faults": sim.faults.remaining()}


def _drop_faults(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    with sim.lock:
        sim.faults.clear()
    return {"faults": []}


def _get_switches(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    return dict(sim.switches.as_dict())


def _put_switches(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    values = _object(request)
    with sim.lock:
        sim.switches.update(values)
    return dict(sim.switches.as_dict())


def _reset_switches(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    with sim.lock:
        sim.switches.update({name: switch.default for name, switch in switches.SWITCHES.items()})
    return dict(sim.switches.as_dict())


def _limits_state(sim: Simulator) -> Json:
    with sim.lock:
        now = sim.limits_now()
        return {"limits": dict(sim.limits.limits), "used": sim.limits.all_used(now)}


def _get_limits(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    return _limits_state(sim)


def _put_limits(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    """Sets limits, and adds requests of other clients with the same address: {"limits": ..., "foreign": 15}."""
    data = request.json()
    if not isinstance(data, dict) or not set(data) & {"limits", "foreign", "client"}:
        data = {"limits": data}
    with sim.lock:
        if "limits" in data:
            sim.limits.limits = limit_rules.read_limits(data["limits"])
        if data.get("foreign"):
            sim.limits.add(str(data.get("client", request.client)), sim.limits_now(), int(data["foreign"]))
    return _limits_state(sim)


def _reset_limits(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    with sim.lock:
        sim.limits.reset()
    return _limits_state(sim)


def _clock_state(sim: Simulator) -> Json:
    return {"now": times.iso(sim.now()), "seconds": sim.now(), "speed": sim.clock.speed, "real": sim.clock.real}


def _get_clock(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    return _clock_state(sim)


def _put_clock(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    """{"now": "2026-11-23T10:00:00Z" or "+10m"}, {"advance": "10m"}, {"speed": 60}; {"real": true}: real time again."""
    data = _object(request)
    unknown = set(data) - {"now", "advance", "speed", "real"}
    if unknown:
        raise ApiError(400, f"unknown member {sorted(unknown)[0]!r}; there are now, advance, speed, real")
    if data.get("real"):
        sim.clock.reset()
        return _clock_state(sim)
    moment = None
    if data.get("now") is not None:
        moment = sim.world.time(data["now"], sim.now(), "now")
    if data.get("advance") is not None:
        moment = (sim.now() if moment is None else moment) + times.duration(str(data["advance"]))
    sim.clock.set(moment, None if data.get("speed") is None else float(data["speed"]))
    return _clock_state(sim)


def _change(change: Change) -> Json:
    return {
        "id": change.id,
        "at": times.iso(change.from_time),
        "until": None if change.to_time == float("inf") else times.iso(change.to_time),
        "test_ids": None if change.test_ids is None else sorted(change.test_ids),
        "nodes": None if change.node_ids is None else sorted(change.node_ids),
        "factor": change.factor,
        "component": change.component,
        "failure_rate": change.failure_rate,
        "error": change.error,
        "no_data": change.no_data,
    }


def _get_changes(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    return {"changes": [_change(one) for one in sim.world.changes]}


def _put_change(sim: Simulator, request: Request, rest: list[str]) -> Json:
    """Adds a change or a list of them; with an id in the path {"until": ...} ends that change."""
    several = request.json()
    if isinstance(several, list):
        return {"changes": [_new_change(sim, one) for one in several]}
    data = _object(request)
    if not rest:
        return _new_change(sim, data)
    with sim.lock:
        return _change(sim.world.end_change(int(rest[0]), data.get("until", "now"), sim.now()))


def _new_change(sim: Simulator, data: Json) -> Json:
    with sim.lock:
        return _change(sim.world.add_change(data, sim.now()))


def _drop_change(sim: Simulator, _request: Request, rest: list[str]) -> Json:
    with sim.lock:
        removed = sim.world.remove_changes([int(rest[0])] if rest else None)
        return {"removed": removed, "changes": [_change(one) for one in sim.world.changes]}


def _get_events(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    return {name: times.iso(sim.world.time(name)) for name in sim.world.events}


def _put_events(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    """{"deploy": "now"} sets an event; changes that name it move with it."""
    data = _object(request)
    with sim.lock:
        for name, text in data.items():
            sim.world.set_event(name, text, sim.now())
    return _get_events(sim, request, [])


def _put_alert(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    """An alert as in the scenario; `at` defaults to now."""
    with sim.lock:
        return webhooks.describe(sim, sim.world.add_alert(_object(request), sim.now()))


def _put_outage(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    """An Internet outage as in the scenario; `start` defaults to now."""
    with sim.lock:
        sim.world.add_outage(_object(request), sim.now())
        return {"outages": len(sim.world.outages)}


def _put_slo(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    """An SLO as in the scenario: new, or in place of the one with the same id."""
    with sim.lock:
        slo = sim.world.add_slo(_object(request), sim.now())
    return {"id": slo.id, "name": slo.name}


def _put_test(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    """A test as in the scenario: new, or in place of the one with the same id."""
    with sim.lock:
        test = sim.world.add_test(_object(request), sim.now())
    return {"id": test.id, "name": test.name}


def _get_pauses(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    """The tests whose alerts are paused now. It costs no request of the API, whose limits may be used up."""
    with sim.lock:
        return {"paused": [test.id for test in sim.world.tests.values() if sim.alerts_paused(test)]}


def _get_instant(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    """The instant tests so far, and the runs that were charged for them."""
    with sim.lock:
        orders = [
            {
                "id": one.id,
                "test_id": one.test.id,
                "nodes": [node.id for node in one.nodes],
                "at": times.iso(one.ordered),
            }
            for one in sim.instant.by_id.values()
        ]
        return {"runs_charged": sim.instant.charged, "instant_tests": orders}


def _get_replays(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    return {"replays": [one.as_dict() for one in sim.replays]}


def _put_replay(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    data = request.json()
    with sim.lock:
        sim.add_replays(data if isinstance(data, list) else [data])
    return _get_replays(sim, request, [])


def _drop_replays(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    with sim.lock:
        sim.replays = []
    return {"replays": []}


def _get_credentials(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    with sim.lock:
        client_id, client_secret = sim.credentials.first_client
        return {
            "api_key": sim.credentials.first_key,
            "client_id": client_id,
            "client_secret": client_secret,
            "api_keys": dict(sim.credentials.keys),
            "tokens": [
                {"token": token, "expires": None if expires == float("-inf") else times.iso(expires)}
                for token, (expires, _state) in sim.credentials.tokens.items()
            ],
        }


def _put_credentials(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    """{"api_key": ..., "state": ...} or {"client_id": ..., "client_secret": ..., "state": ...}: add or change one."""
    data = _object(request)
    state = str(data.get("state", "active"))
    if state not in auth.KEY_STATES:
        raise ApiError(400, f"state {state!r} is not one of {', '.join(auth.KEY_STATES)}")
    with sim.lock:
        if "api_key" in data:
            sim.credentials.keys[str(data["api_key"])] = state
        if "client_id" in data:
            sim.credentials.clients[(str(data["client_id"]), str(data.get("client_secret", "")))] = state
    return _get_credentials(sim, request, [])


def _drop_tokens(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    """Expires all v1 tokens."""
    with sim.lock:
        for token in list(sim.credentials.tokens):
            sim.credentials.revoke(token)
        return {"expired": len(sim.credentials.tokens)}


def _put_scenario(sim: Simulator, request: Request, _rest: list[str]) -> Json:
    """Another scenario: an object, or {"file": "/abs/path.json"}, or {"file": "shop"}."""
    data = _object(request)
    scenario, folder = scenarios.load(data["file"] if set(data) == {"file"} else data)
    sim.reset(scenario, folder)
    return _index(sim, request, [])


def _post_reset(sim: Simulator, _request: Request, _rest: list[str]) -> Json:
    sim.reset()
    return _index(sim, _request, [])


_HANDLERS: dict[tuple[str, str], Callable[[Simulator, Request, list[str]], Json]] = {
    ("GET", ""): _index,
    ("GET", "requests"): _requests,
    ("DELETE", "requests"): _forget_requests,
    ("GET", "faults"): _get_faults,
    ("PUT", "faults"): _put_faults,
    ("DELETE", "faults"): _drop_faults,
    ("GET", "switches"): _get_switches,
    ("PUT", "switches"): _put_switches,
    ("DELETE", "switches"): _reset_switches,
    ("GET", "limits"): _get_limits,
    ("PUT", "limits"): _put_limits,
    ("DELETE", "limits"): _reset_limits,
    ("GET", "clock"): _get_clock,
    ("PUT", "clock"): _put_clock,
    ("GET", "change"): _get_changes,
    ("PUT", "change"): _put_change,
    ("DELETE", "change"): _drop_change,
    ("GET", "events"): _get_events,
    ("PUT", "events"): _put_events,
    ("PUT", "alert"): _put_alert,
    ("POST", "webhook"): webhooks.post,
    ("PUT", "outage"): _put_outage,
    ("PUT", "slo"): _put_slo,
    ("PUT", "test"): _put_test,
    ("GET", "instant"): _get_instant,
    ("GET", "pauses"): _get_pauses,
    ("GET", "replay"): _get_replays,
    ("PUT", "replay"): _put_replay,
    ("DELETE", "replay"): _drop_replays,
    ("GET", "credentials"): _get_credentials,
    ("PUT", "credentials"): _put_credentials,
    ("DELETE", "tokens"): _drop_tokens,
    ("PUT", "scenario"): _put_scenario,
    ("POST", "reset"): _post_reset,
}
