"""`imani stores`: where work is exchanged. A secret is asked for or read from a file, and never shown."""

from __future__ import annotations

import argparse

from core.cli.commands import opened, told
from core.cli.console import Output, read_passphrase
from core.cli.exit_codes import FOLDER
from core.foundation.errors import NoSharedFolder
from core.services import place as places
from core.services.place import FolderPlace, ObjectStorePlace, Place, WebDavPlace
from core.services.place_trial import try_place

KINDS = {FolderPlace: "folder", ObjectStorePlace: "s3", WebDavPlace: "webdav"}


def show(options: argparse.Namespace) -> Output:
    """Where work is exchanged."""
    with opened(options) as workspace:
        place = places.place_of(workspace)
    if place is None:
        return Output(["No place has been chosen yet."], {"kind": None, "place": None})
    kind = KINDS[type(place)]
    names = {"folder": "Folder", "s3": "Object store", "webdav": "WebDAV"}
    return Output([f"{names[kind]}: {place.words}"], {"kind": kind, "place": place.words})


def try_it(options: argparse.Namespace) -> Output:
    """Write, list, read and remove a small file."""
    with opened(options) as workspace:
        place = places.place_of(workspace)
        if place is None:
            raise NoSharedFolder()
        parts = workspace.parts
    tried = try_place(place=place, clock=parts.clock, randomness=parts.randomness, progress=told())
    lines = [place.words, *(f"  {'yes' if step.works else 'NO '}  {step.sentence}" for step in tried.steps)]
    lines.append("Everything the exchange needs works." if tried.works else "The exchange would not work there.")
    data = {"works": tried.works, "steps": [{"works": s.works, "sentence": s.sentence} for s in tried.steps]}
    return Output(lines, data, 0 if tried.works else FOLDER)


def code(options: argparse.Namespace) -> Output:
    """The store as a code."""
    with opened(options) as workspace:
        text = places.code_of(workspace)
    return Output([text], {"code": text})


def use_folder(options: argparse.Namespace) -> Output:
    """Exchange through a folder."""
    return _use(options, FolderPlace(options.folder))


def use_s3(options: argparse.Namespace) -> Output:
    """Exchange through an object store."""
    return _use(options, ObjectStorePlace(
        options.endpoint, options.bucket, options.prefix, options.key_id, "", options.region
    ))  # fmt: skip


def use_webdav(options: argparse.Namespace) -> Output:
    """Exchange through a WebDAV folder."""
    return _use(options, WebDavPlace(options.address, options.user, ""))


def _use(options: argparse.Namespace, place: Place) -> Output:
    with opened(options) as workspace:
        chosen = places.choose_place(workspace, place=_with_secret(options, place), progress=told())
    lines = [f"Work is exchanged through {chosen.words} from now on."]
    if chosen.to_publish:
        files = "1 file" if chosen.to_publish == 1 else f"{chosen.to_publish:,} files"
        lines.append(f"{files} held here and not there will be put there with the next exchanges: imani sync.")
    return Output(lines, {"place": chosen.words, "to_publish": chosen.to_publish})


def _with_secret(options: argparse.Namespace, place: Place) -> Place:
    match place:
        case ObjectStorePlace():
            secret = read_passphrase(options.secret_file, prompt="Secret of the key: ")
            return ObjectStorePlace(place.endpoint, place.bucket, place.prefix, place.key_id, secret, place.region)
        case WebDavPlace():
            return WebDavPlace(place.address, place.user, read_passphrase(options.secret_file, prompt="Password: "))
        case FolderPlace():
            return place
