#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Nothing that a log holds is live in a report: no tag, no link, no control
# character, in no form of it.

. "$(dirname "$0")/lib.sh"

need python3

# Each text has the word evil, which may stand in code spans alone.
mkdir "$work/evil"
python3 - "$work/evil/log.jsonl" <<'PY'
import json, sys
texts = ["evil`code`", "evil``| cell | x", "evil](http://evil.example/)", "![evil](http://evil.example/i.png)",
    "<script>evil()</script>", "</code><img src=x onerror=evil()>", "javascript:evil", "evil\\`x", "# evil", "- evil",
    "evil\n\n# evil heading", "evil\u001b]0;x\u0007", "evil\u202egnp.exe", "&lt;evil&gt;\"'", "```evil", "evil@evil.example",
    "www.evil.example", "evil`", "`evil", "evil|", "\\|evil", "=evil()"]
out = open(sys.argv[1], "w")
n = 0
for i, text in enumerate(texts):
    for call, params in (("CreateUser", {"userName": text}), ("CreateAccessKey", {"userName": text}),
                         ("AttachUserPolicy", {"userName": text, "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})):
        n += 1
        json.dump({"eventVersion": "1.08", "eventTime": "2026-01-09T21:%02d:%02dZ" % (n // 60, n % 60),
            "eventSource": "iam.amazonaws.com", "eventName": call, "awsRegion": "us-east-1", "sourceIPAddress": "203.0.113.66",
            "userAgent": text, "eventID": "11111111-1111-4111-8111-%012d" % n, "recipientAccountId": "111122223333",
            "readOnly": False, "requestParameters": params, "responseElements": {"accessKey": {"accessKeyId": text}},
            "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/" + text, "accountId": "111122223333",
                "userName": text, "principalId": "AIDA" + text, "accessKeyId": "AKIA" + text}}, out)
        out.write("\n")
PY
for form in markdown html; do
	run 0 report --no-cache --incident all --format "$form" "$work/evil"
	[ "$(grep -o evil "$work/out" | wc -l)" -ge 200 ] || fail "$form: too little of it is told"
	python3 - "$form" "$work/out" <<'PY' || fail "$form: something is live"
import re, sys
from html.parser import HTMLParser
form, text = sys.argv[1], open(sys.argv[2], encoding="utf-8").read()
assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", text), "control"
if form == "markdown":
    for line in text.split("\n"):
        left, i = "", 0
        while i < len(line):    # code spans, by CommonMark
            run = re.match("`+", line[i:])
            if not run:
                if line[i] == "\\": left += line[i:i + 2]; i += 2; continue
                left += line[i]; i += 1; continue
            end = re.search("(?<!`)" + run.group() + "(?!`)", line[i + run.end():])
            assert end, line
            inside = line[i + run.end():i + run.end() + end.start()]
            if line.startswith("|"):    # a bar would end the cell
                assert not re.search(r"(?<!\\)(\\\\)*\|", inside.replace("\\|", "")), line
            i += run.end() + end.end()
        assert "evil" not in left and not re.search(r"(?<!\\)[<>\[\]]|://|@|www", left), left
else:
    class P(HTMLParser):
        tags = []
        def handle_starttag(self, tag, attrs):
            assert tag in ("html head meta title style body h1 h2 h3 h4 p ul ol li table thead tbody tr th td "
                           "code strong").split(), tag
            assert not attrs or tag in ("html", "meta"), (tag, attrs)
            if tag != "meta": self.tags.append(tag)
        def handle_endtag(self, tag):
            assert self.tags.pop() == tag
        def handle_data(self, data):
            assert "evil" not in data or self.tags[-1] == "code", data
    p = P(); p.feed(text); p.close()
    assert not p.tags
PY
done
run 3 report --no-cache --incident all "$samples/hostile"
! grep -nP '[\x00-\x09\x0b-\x1f\x7f]' "$work/out" || fail "control characters in a report"

finish
