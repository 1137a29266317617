"""Whether Telegram would take these bodies of sendMessage, given as JSON on standard input: what is
wrong with each, or nothing."""

import json
import sys

from aiogram.methods import SendMessage

for body in json.load(sys.stdin):
    try:
        read = SendMessage(**body)
        unknown = sorted(read.model_extra or {})
        assert not unknown, f"unknown: {unknown}"
        assert 0 < len(read.text) <= 4096, "a text of this length is not taken"
        print("")
    except Exception as error:  # whatever it is, it is what Telegram would say
        print(str(error).replace("\n", " "))
