"""LibreOffice's own mail merge into one PDF, by the system's Python and its bridge: `letter_merge.py WAY COUNT FOLDER`.

Reads the words from FOLDER/words.json. Prints one line of JSON: CPU seconds of LibreOffice and its greatest memory.
"""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno  # the system's own Python has it
from com.sun.star.beans import PropertyValue

STREETS = "Amber Birch Cedar Damson Elder Fern Gorse Hazel Iris Juniper Kestrel Larch".split()
COLUMNS = ("name", "street", "town", "postcode")
WAIT_S = 60


def value(name: str, said: object) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, said
    return made


def write_homes(path: Path, count: int) -> None:
    rows = [",".join(COLUMNS)]
    rows += [
        f'"The Resident","{n // 12 + 1} {STREETS[n % 12]} Road","Testford","ZZ{n % 9 + 1} {n % 9 + 1}AA"'
        for n in range(count)
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def context_of(pipe: str) -> Any:
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    until = time.monotonic() + WAIT_S
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # the bridge's own exceptions are made at run time
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def letter_file(context: Any, folder: Path) -> str:
    """The letter with its fields, as LibreOffice's own document."""
    said = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    manager = context.ServiceManager
    desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, (value("Hidden", True),))
    text = document.Text
    cursor = text.createTextCursor()

    def line(words: str) -> None:
        text.insertString(cursor, words, False)
        text.insertControlCharacter(cursor, 0, False)

    line(said["name"])
    for name in COLUMNS:
        field = document.createInstance("com.sun.star.text.TextField.Database")
        master = document.createInstance("com.sun.star.text.FieldMaster.Database")
        master.DataBaseName, master.DataTableName, master.DataColumnName = "homes", "homes", name
        field.attachTextFieldMaster(master)
        text.insertTextContent(cursor, field, False)
        text.insertControlCharacter(cursor, 0, False)
    line(said["date"])
    line(said["title"])
    for _, words in said["parts"]:
        line(words)
    address = (folder / "letter.odt").as_uri()
    document.storeToURL(address, ())
    document.close(True)
    return address


def merge(context: Any, folder: Path, count: int) -> None:
    (folder / "data").mkdir()
    (folder / "out").mkdir()
    write_homes(folder / "data" / "homes.csv", count)
    manager = context.ServiceManager
    sources = manager.createInstanceWithContext("com.sun.star.sdb.DatabaseContext", context)
    source = sources.createInstance()
    source.URL = f"sdbc:flat:{(folder / 'data').as_uri()}"
    source.Info = (
        value("Extension", "csv"), value("HeaderLine", True), value("FieldDelimiter", ","),
        value("StringDelimiter", '"'), value("CharSet", "UTF-8"),
    )  # fmt: skip
    source.DatabaseDocument.storeAsURL((folder / "homes.odb").as_uri(), ())
    sources.registerObject("homes", source)
    letter = letter_file(context, folder)
    merger = manager.createInstanceWithContext("com.sun.star.text.MailMerge", context)
    merger.DataSourceName, merger.CommandType, merger.Command = "homes", 0, "homes"
    merger.DocumentURL, merger.OutputType, merger.OutputURL = letter, 2, (folder / "out").as_uri()
    merger.SaveAsSingleFile, merger.SaveFilter, merger.FileNamePrefix = True, "writer_pdf_Export", "letters"
    merger.execute(())


def main() -> None:
    count, folder = int(sys.argv[2]), Path(sys.argv[3])
    pipe = f"letters{folder.name.replace('-', '')}{time.monotonic_ns()}"
    office = subprocess.Popen(
        ["soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
         f"--accept=pipe,name={pipe};urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        context = context_of(pipe)
        merge(context, folder, count)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        with contextlib.suppress(Exception):  # it goes while it answers
            desktop.terminate()
        office.wait(WAIT_S)
    finally:
        if office.poll() is None:
            office.kill()
            office.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024, "pages": 0}))


if __name__ == "__main__":
    main()
