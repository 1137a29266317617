#!/usr/bin/env python3
"""Distils what tests/sandbox/openapi.tsv holds: names and types, no text of anybody's.

    scripts/trello_facts.py OPENAPI.json SAMPLES > tests/sandbox/openapi.tsv

OPENAPI.json is Atlassian's description, from https://developer.atlassian.com/cloud/trello. SAMPLES is
a folder of recorded answers and webhook bodies. Neither is part of this repository, and no test
needs them: they are needed once for a new edition.
"""

import glob
import json
import os
import sys

HEAD = """\
# Facts about Trello's REST API, distilled by scripts/trello_facts.py.
# operation, field: from Atlassian's OpenAPI description, edition 2026-05 (developer.atlassian.com/cloud/trello).
# seen: a field of every recorded answer of that kind; once: of some. told: a field of a recorded action.
# The description lags behind: where the two disagree, what was recorded holds.
"""

# Parts of the offered resources that the practice Trello does not have.
ABSENT = {
    "reactions", "reactionsSummary", "boardPlugins", "plugins", "calendarKey", "emailKey", "idTags",
    "markedAsViewed", "myPrefs", "boardStars", "stickers", "markAssociatedNotificationsRead",
    "avatar", "boardBackgrounds", "boardsInvited", "customBoardBackgrounds", "customEmoji",
    "customStickers", "notifications", "notificationsChannelSettings", "oneTimeMessagesDismissed",
    "organizationsInvited", "savedSearches", "exports", "logo", "newBillableGuests", "prefs", "tags",
}
ABSENT_OPERATIONS = {
    "POST /cards/{id}/membersVoted", "DELETE /cards/{id}/membersVoted/{idMember}",
    "PUT /boards/{id}/members", "PUT /members/{id}", "GET /organizations/{id}/actions",
    "GET /organizations/{id}/pluginData",
}
RESOURCES = {
    "actions", "batch", "boards", "cards", "checklists", "customFields", "labels", "lists", "members",
    "organizations", "search", "tokens", "webhooks",
}
# The description's name of a schema, and ours.
SCHEMAS = {
    "Action": "Action", "Attachment": "Attachment", "Board": "Board", "Card": "Card",
    "CheckItem": "CheckItem", "Checklist": "Checklist", "CustomField": "CustomField",
    "CustomFieldItems": "CustomFieldItem", "Label": "Label", "Member": "Member",
    "Membership": "Membership", "Memberships": "Membership", "Organization": "Organization",
    "Token": "Token", "TrelloList": "List", "Webhook": "Webhook",
}


def offered(method, path):
    parts = path.strip("/").split("/")
    reads_only = parts[0] == "organizations" and method != "GET"
    return (
        parts[0] in RESOURCES and not ABSENT & set(parts) and not reads_only
        and f"{method} {path}" not in ABSENT_OPERATIONS
    )


class Description:
    def __init__(self, text):
        self.text = text

    def resolved(self, part):
        while "$ref" in part:
            found = self.text
            for step in part["$ref"].lstrip("#/").split("/"):
                found = found[step]
            part = found
        return part

    def operations(self):
        for path, methods in self.text["paths"].items():
            for method, one in methods.items():
                if method not in ("get", "post", "put", "delete") or not offered(method.upper(), path):
                    continue
                declared = methods.get("parameters", []) + one.get("parameters", [])
                declared = [self.resolved(parameter) for parameter in declared]
                names = {p["name"] for p in declared if p["in"] != "path"}
                for content in one.get("requestBody", {}).get("content", {}).values():
                    names |= self.properties(content["schema"])
                yield "operation", method.upper(), path.rstrip("/"), ",".join(sorted(names))

    def properties(self, schema):
        schema = self.resolved(schema)
        names = set(schema.get("properties", {}))
        for one in schema.get("oneOf", []) + schema.get("anyOf", []):
            names |= self.properties(one)
        return names

    def fields(self, schema, path, seen=()):
        """Every field below a schema with the types it may have."""
        if "$ref" in schema and schema["$ref"] in seen:
            return
        seen = seen + ((schema["$ref"],) if "$ref" in schema else ())
        schema = self.resolved(schema)
        choices = schema.get("oneOf", []) + schema.get("anyOf", [])
        for one in choices:
            yield from self.fields(one, path, seen)
        if path and not choices:
            kind = {"integer": "number", None: "any"}.get(schema.get("type"), schema.get("type"))
            yield path, kind
            if schema.get("nullable"):
                yield path, "null"
        for name, one in schema.get("properties", {}).items():
            yield from self.fields(one, f"{path}.{name}".lstrip("."), seen)
        if schema.get("type") == "array":
            yield from self.fields(schema.get("items", {}), f"{path}[]", seen)


def kind_of(value):
    kinds = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return "null" if value is None else kinds[type(value)]


def paths(value, path=""):
    if path:
        yield path, kind_of(value)
    if isinstance(value, dict):
        for name, one in value.items():
            yield from paths(one, f"{path}.{name}".lstrip("."))
    if isinstance(value, list):
        for one in value:
            yield from paths(one, f"{path}[]")


def recorded(folder):
    """Recorded things, each under the name of its schema."""
    def read(name):
        with open(os.path.join(folder, name)) as file:
            return json.load(file)

    parts, checklists = read("rest-board-parts.json"), read("rest-checklists.json")
    things = [("Card", read("rest-card.json")), ("Action", read("rest-comment-created.json"))]
    things += [("Checklist", one) for one in checklists]
    things += [("CheckItem", item) for one in checklists for item in one["checkItems"]]
    things += [("CustomField", one) for one in [read("rest-customfield.json"), *parts["customFields"]]]
    things += [("Webhook", one) for one in read("rest-token-webhooks.json")]
    things += [("Membership", one) for one in parts["memberships"]]
    # An export's lists say more than an answer does, so none of it is sure to be there.
    things += [("List", one) for one in [*parts["lists"], {}]]
    things += [("Card", one) for one in parts["cards"]]
    things += [("CustomFieldItem", one) for card in parts["cards"] for one in card["customFieldItems"]]
    actions = [read(os.path.basename(name)) for name in sorted(glob.glob(f"{folder}/webhook-*.json"))]
    for body in actions:
        # Bodies of before 2017 lack much of what every later one has.
        if "display" in body["action"]:
            things.append(("Board", body["model"]))
            things += [("Action", body["action"]), ("Member", body["action"]["memberCreator"])]
    actions = [body["action"] for body in actions] + read("actions-updateCustomFieldItem.json")
    return things, actions


def rows(description, folder):
    yield from sorted(description.operations(), key=lambda row: (row[2], row[1]))
    fields = {}
    for theirs, ours in SCHEMAS.items():
        for path, kind in description.fields({"$ref": f"#/components/schemas/{theirs}"}, ""):
            fields.setdefault((ours, path), set()).add(kind)
    for (schema, path), kinds in sorted(fields.items()):
        yield "field", schema, path, ",".join(sorted(kinds))
    things, actions = recorded(folder)
    found, count = {}, {}
    for schema, thing in things:
        count[schema] = count.get(schema, 0) + 1
        own = {}
        for path, kind in paths(thing):
            own.setdefault(path, set()).add(kind)
        for path, kinds in own.items():
            if schema == "Action" and path.startswith(("data.", "display.")):
                continue
            times, known = found.get((schema, path), (0, set()))
            found[schema, path] = times + 1, known | kinds
    for (schema, path), (times, kinds) in sorted(found.items()):
        yield "seen" if times == count[schema] else "once", schema, path, ",".join(sorted(kinds))
    told = {}
    for action in actions:
        name = action["type"]
        if name.startswith("update") and "old" in action["data"]:
            name += "-" + next(iter(action["data"]["old"]))
        whole = "entities" in action.get("display", {})
        for path, kind in paths(action):
            of_value = path.startswith("data.customFieldItem.value.")
            if (whole or path.startswith("data")) and "[]" not in path and not of_value:
                told.setdefault((name, path), set()).add(kind)
    for (name, path), kinds in sorted(told.items()):
        yield "told", name, path, ",".join(sorted(kinds))


def main():
    with open(sys.argv[1]) as file:
        description = Description(json.load(file))
    print(HEAD, end="")
    for row in rows(description, sys.argv[2]):
        print("\t".join(row))


main()
