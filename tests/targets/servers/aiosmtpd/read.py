"""What a mail server has kept, as another program reads it: python read.py FOLDER"""

import email
import email.policy
import json
import pathlib
import sys

letters = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml"), key=lambda path: int(path.stem)):
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    told = json.loads(path.with_suffix(".json").read_text())
    told["headers"] = [[name, str(value)] for name, value in letter.items()]
    told["kind"] = letter.get_content_type()
    told["charset"] = letter.get_content_charset()
    told["text"] = letter.get_content().replace("\r\n", "\n")
    told["defects"] = [str(defect) for defect in letter.defects]
    told["longest"] = max(len(line) for line in path.read_bytes().split(b"\r\n"))
    letters.append(told)
print(json.dumps(letters))
