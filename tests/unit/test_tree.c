/* SPDX-License-Identifier: MIT */
/*
 * The lines of trees: a small story whose lines are worked out by hand, and a
 * world of a hundred thousand sessions in which a key must stay fast.
 */
#include "lineage_help.h"

#include "base/json.h"
#include "identity/tree.h"

#define SOME_AGENT "\"userAgent\":\"aws-cli/2.15.0\","
#define ACCOUNT    "111122223333"

/* Records ----------------------------------------------------------------- */

/* Rows are in order of time, so a record's place is its row. */
static void begin(struct strbuf *out, unsigned n, const char *time,
		  const char *identity, const char *ip)
{
	strbuf_addf(out,
		    "{\"eventVersion\":\"1.08\",\"userIdentity\":{%s},"
		    "\"eventTime\":\"2026-01-09T%sZ\",\"awsRegion\":"
		    "\"us-east-1\",\"sourceIPAddress\":\"%s\"," SOME_AGENT
		    "\"recipientAccountId\":\"" ACCOUNT "\",\"eventID\":\"",
		    identity, time, ip);
	add_id(out, n);
	strbuf_adds(out, "\",");
}

static void call(struct strbuf *out, unsigned n, const char *time,
		 const char *identity, const char *ip, const char *service,
		 const char *name, const char *more)
{
	begin(out, n, time, identity, ip);
	strbuf_addf(out,
		    "\"eventSource\":\"%s.amazonaws.com\",\"eventName\":"
		    "\"%s\"%s}\n",
		    service, name, more);
}

#define USER(name, key)                                         \
	"\"type\":\"IAMUser\",\"principalId\":\"AIDA" name      \
	"\",\"arn\":\"arn:aws:iam::" ACCOUNT ":user/" name      \
	"\",\"accountId\":\"" ACCOUNT "\",\"userName\":\"" name \
	"\",\"accessKeyId\":\"" key "\""
#define OPS  USER("ops", "AKIAOPS0000000000001")
#define CI   USER("ci", "AKIACIC0000000000001")
#define BOB  USER("bob", "AKIABOB0000000000001")
#define BOB2 USER("bob", "AKIABOB0000000000002")
#define EVE  USER("eve", "AKIAEVE0000000000001")
#define BUILD                                                             \
	"\"type\":\"AssumedRole\",\"principalId\":\"AROABUILD:ci\","      \
	"\"arn\":\"arn:aws:sts::" ACCOUNT ":assumed-role/Build/ci\","     \
	"\"accountId\":\"" ACCOUNT "\",\"accessKeyId\":"                  \
	"\"ASIABUILD00000000001\",\"sessionContext\":{\"sessionIssuer\":" \
	"{\"type\":\"Role\",\"principalId\":\"AROABUILD\",\"arn\":"       \
	"\"arn:aws:iam::" ACCOUNT ":role/Build\",\"accountId\":"          \
	"\"" ACCOUNT "\",\"userName\":\"Build\"},\"attributes\":{"        \
	"\"creationDate\":\"2026-01-09T21:37:40Z\"}}"
#define DENIED ",\"errorCode\":\"AccessDenied\""
#define READ(bucket, object)                                        \
	",\"readOnly\":true,\"requestParameters\":{\"bucketName\":" \
	"\"" bucket "\",\"key\":\"" object "\"}"

/* Rows of the story. */
enum {
	OPS_LISTS,
	BOB_LISTS,
	CI_FIRST,
	CI_LAST = CI_FIRST + 2,
	CI_ASKS,
	CI_ASSUMES,
	TRIES_USERS,
	TRIES_ROLES,
	MAKES_USER,
	MAKES_KEY,
	ATTACHES,
	READS_A,
	READS_B,
	READS_OTHER,
	EVE_ACTS,
	ROWS
};

static void tell(struct strbuf *out)
{
	const char *usual = "198.51.100.7", *thief = "203.0.113.66";

	call(out, OPS_LISTS, "18:00:00", OPS, usual, "s3", "ListBuckets", "");
	call(out, BOB_LISTS, "18:05:00", BOB, usual, "s3", "ListBuckets", "");
	call(out, CI_FIRST, "18:10:00", CI, usual, "s3", "ListBuckets", "");
	call(out, CI_FIRST + 1, "18:20:00", CI, usual, "s3", "ListBuckets", "");
	call(out, CI_LAST, "18:30:00", CI, usual, "s3", "ListBuckets", "");
	call(out, CI_ASKS, "21:37:00", CI, thief, "sts", "GetCallerIdentity",
	     "");
	call(out, CI_ASSUMES, "21:37:40", CI, thief, "sts", "AssumeRole",
	     ",\"requestParameters\":{\"roleArn\":\"arn:aws:iam::" ACCOUNT
	     ":role/Build\",\"roleSessionName\":\"ci\"},\"responseElements\":"
	     "{\"credentials\":{\"accessKeyId\":\"ASIABUILD00000000001\"},"
	     "\"assumedRoleUser\":{\"assumedRoleId\":\"AROABUILD:ci\"}}");
	call(out, TRIES_USERS, "21:38:00", BUILD, thief, "iam", "ListUsers",
	     DENIED);
	call(out, TRIES_ROLES, "21:38:10", BUILD, thief, "iam", "ListRoles",
	     DENIED);
	call(out, MAKES_USER, "21:39:00", BUILD, thief, "iam", "CreateUser",
	     ",\"requestParameters\":{\"userName\":\"eve\"},"
	     "\"responseElements\":{\"user\":{\"userName\":\"eve\",\"userId\":"
	     "\"AIDAeve\",\"arn\":\"arn:aws:iam::" ACCOUNT ":user/eve\"}}");
	call(out, MAKES_KEY, "21:39:10", BUILD, thief, "iam", "CreateAccessKey",
	     ",\"requestParameters\":{\"userName\":\"bob\"},"
	     "\"responseElements\":{\"accessKey\":{\"accessKeyId\":"
	     "\"AKIABOB0000000000002\",\"userName\":\"bob\"}}");
	call(out, ATTACHES, "21:39:30", BUILD, thief, "iam", "AttachUserPolicy",
	     ",\"requestParameters\":{\"userName\":\"eve\",\"policyArn\":"
	     "\"arn:aws:iam::aws:policy/AdministratorAccess\"}");
	call(out, READS_A, "21:40:00", BOB2, "203.0.113.90", "s3", "GetObject",
	     READ("acme-hr", "a"));
	call(out, READS_B, "21:41:00", BOB2, "203.0.113.90", "s3", "GetObject",
	     READ("acme-hr", "b"));
	call(out, READS_OTHER, "21:41:30", BOB2, "203.0.113.90", "s3",
	     "GetObject", READ("logs", "c"));
	call(out, EVE_ACTS, "21:50:00", EVE, "203.0.113.90", "s3",
	     "ListBuckets", "");
}

/* The story with its index; alerts are on what makes the user and on a call
 * that was refused. */
struct story {
	struct folder folder;
	struct graph graph;
	struct marks marks;
	struct rowset reads;
	struct tree_index *index;
	struct reader *reader;
};

static void story_make(struct story *s)
{
	static const struct limits limits = LIMITS_DEFAULT;
	struct mark_label *label = mem_zero(1, sizeof(*label));
	struct mark *mark = mem_zero(2, sizeof(*mark));
	const char *path = s->folder.path;
	struct strbuf text;

	strbuf_init(&text);
	tell(&text);
	folder_make(&s->folder);
	put_file(&s->folder, "log.json", strbuf_str(&text));
	strbuf_release(&text);
	graph_of_paths(&s->graph, &path, 1, 1);
	assert_int_equal(s->graph.load.store->n, ROWS);
	label->title = STR("User created");
	mark[0] = (struct mark){ .row = MAKES_USER, .level = LEVEL_HIGH };
	mark[1] = (struct mark){ .row = TRIES_ROLES, .level = LEVEL_LOW };
	marks_init(&s->marks, label, 1, mark, 2);
	s->reads = (struct rowset)ROWSET_INIT;
	rowset_add_range(&s->reads, READS_A, READS_OTHER + 1);
	s->index = tree_index_new(s->graph.lineage, &s->marks, &s->reads);
	s->reader = reader_new(s->graph.load.store, &limits);
}

static void story_release(struct story *s)
{
	reader_free(s->reader);
	tree_index_free(s->index);
	rowset_release(&s->reads);
	marks_release(&s->marks);
	graph_release(&s->graph);
	folder_remove(&s->folder);
}

/* Lines as text ----------------------------------------------------------- */

static const struct time_zone utc = TIME_ZONE_UTC;

/* "  made H user eve [1]": depth, verb, worst alert, words, events. */
static void dump(struct strbuf *out, const struct tree *t)
{
	for (uint32_t i = 0; i < t->shown_n; i++) {
		const struct tree_line *line = &t->line[t->shown[i]];
		int level = line->open ? line->level : line->below;

		strbuf_addn(out, ' ', 2u * line->depth);
		if (line->verb != VERB_NONE)
			strbuf_addf(out, "%s ", tree_verb_text(line->verb));
		if (level >= 0)
			strbuf_addf(out, "%c ", "ILMHC"[level]);
		tree_describe(t, t->shown[i], TREE_NARROW, &utc, out);
		strbuf_addf(out, " [%u]%s\n", line->events,
			    t->shown[i] == t->focus ? " <" : "");
	}
}

static void check_lines(const struct tree *t, const char *expected)
{
	struct strbuf text;

	strbuf_init(&text);
	dump(&text, t);
	if (!str_eq(strbuf_str(&text), str_of(expected)))
		fprintf(stderr, "is:\n%s\nshould be:\n%s\n", text.p, expected);
	assert_str_eq(strbuf_str(&text), str_of(expected));
	strbuf_release(&text);
}

static struct tree *around(const struct story *s, const char *node,
			   enum tree_form form)
{
	const struct tree_options options = { .form = form,
					      .deeds = true,
					      .row = ROW_NONE };

	return tree_new(s->index, node_of(s->graph.lineage, node), &options);
}

static void read_all(struct story *s, struct tree *t)
{
	while (tree_unread(t))
		tree_step(t, s->reader, 1000);
}

/* The shown line whose words begin so. */
static uint32_t line_of(const struct tree *t, const char *words)
{
	uint32_t found = TREE_NO_LINE;
	struct strbuf text;

	strbuf_init(&text);
	for (uint32_t i = 0; i < t->shown_n && found == TREE_NO_LINE; i++) {
		strbuf_clear(&text);
		tree_describe(t, t->shown[i], TREE_NARROW, &utc, &text);
		if (str_starts(strbuf_str(&text), str_of(words)))
			found = t->shown[i];
	}
	check(found != TREE_NO_LINE, "no line %s", words);
	strbuf_release(&text);
	return found;
}

/* Tests ------------------------------------------------------------------- */

static const char session[] = "S:AROABUILD:ci@2026-01-09T21:37:40Z";

static void the_story(void **state)
{
	struct story s;
	struct tree *t;

	(void)state;
	story_make(&s);
	t = around(&s, session, TREE_BY_PERSON);
	assert_true(tree_unread(t));
	read_all(&s, t);
	check_lines(
		t,
		"user ci  111122223333  first 2026-01-09 18:10  last "
		"21:37:40 [5]\n"
		"  key AKIA..001  from 198.51.100.7  usual [3]\n"
		"  key AKIA..001  from 203.0.113.66  FIRST SEEN 21:37:00 [2]\n"
		"    became H Build/ci  AssumeRole  ASIA..001 [5] <\n"
		"      did AttachUserPolicy  user/eve AdministratorAccess [1]\n"
		"      try iam ListUsers  denied [1]\n"
		"      try L ListRoles  denied [1]\n"
		"      made H user eve [1]\n"
		"        key AKIA..001  from 203.0.113.90  FIRST SEEN "
		"21:40:00 [1]\n"
		"      made key AKIA..002 for user bob [3]\n"
		"        used from 203.0.113.90  FIRST SEEN 21:40:00 [3]\n");
	/* What was read is folded with the ordinary use of the key. */
	assert_true(tree_open(t, line_of(t, "from 203.0.113.90")));
	read_all(&s, t);
	line_of(t, "s3://acme-hr  2 objects");
	line_of(t, "s3://logs  1 object");
	tree_free(t);
	story_release(&s);
}

/* The key that bob used first is his; who made the other one stands above. */
static void who_a_key_is_made_by(void **state)
{
	struct story s;
	struct tree *t;

	(void)state;
	story_make(&s);
	t = around(&s, "K:AKIABOB0000000000002", TREE_BY_PERSON);
	assert_int_equal(tree_root(t),
			 node_of(s.graph.lineage,
				 "P:arn:aws:iam::" ACCOUNT ":user/ci"));
	assert_int_equal(t->line[t->focus].node,
			 node_of(s.graph.lineage, "K:AKIABOB0000000000002"));
	tree_free(t);
	t = around(&s, "K:AKIABOB0000000000001", TREE_BY_PERSON);
	check_lines(t,
		    "user bob  111122223333  first 2026-01-09 18:05  last "
		    "21:41:30 [4]\n"
		    "  key AKIA..001  from 198.51.100.7 [1] <\n"
		    "  key AKIA..002  from 203.0.113.90  FIRST SEEN 21:40:00, "
		    "made by session Build/ci [3]\n");
	tree_free(t);
	story_release(&s);
}

static void folds(void **state)
{
	struct strbuf before, after;
	struct story s;
	struct tree *t;
	uint32_t line, lines;

	(void)state;
	story_make(&s);
	strbuf_init(&before);
	strbuf_init(&after);
	t = around(&s, session, TREE_BY_PERSON);
	read_all(&s, t);
	dump(&before, t);
	lines = t->shown_n;
	line = line_of(t, "Build/ci");
	tree_close(t, line);
	/* The line stands for all that is folded in it. */
	assert_int_equal(t->shown_n, lines - 7);
	assert_int_equal(tree_position(t, line_of(t, "Build/ci")), 3);
	assert_int_equal(t->line[line].below, LEVEL_HIGH);
	for (uint32_t i = 0; i < t->n; i++)
		assert_true(tree_position(t, i) < t->shown_n);
	assert_true(tree_open(t, line));
	dump(&after, t);
	assert_str_eq(strbuf_str(&after), strbuf_str(&before));
	/* A line without anything below is not unfolded. */
	assert_false(tree_open(t, line_of(t, "ListRoles")));
	/* Every line is found again by its name, also in another tree. */
	for (uint32_t i = 0; i < t->shown_n; i++) {
		struct tree *other = around(&s, session, TREE_BY_PERSON);

		strbuf_clear(&before);
		tree_name(t, t->shown[i], &before);
		read_all(&s, other);
		assert_int_equal(tree_find(t, strbuf_str(&before)),
				 t->shown[i]);
		assert_int_not_equal(tree_find(other, strbuf_str(&before)),
				     TREE_NO_LINE);
		tree_free(other);
	}
	tree_close_all(t);
	assert_int_equal(t->shown_n, 3);
	strbuf_release(&before);
	strbuf_release(&after);
	tree_free(t);
	story_release(&s);
}

/* Whose it is, what came of it, what else alarms; no calls, and nothing of the
 * ordinary use of the key. */
static void brief(void **state)
{
	struct strbuf before, after;
	struct story s;
	struct tree *t;
	uint32_t call;

	(void)state;
	story_make(&s);
	strbuf_init(&before);
	strbuf_init(&after);
	t = around(&s, session, TREE_BY_PERSON);
	read_all(&s, t);
	dump(&before, t);
	call = line_of(t, "ListRoles");
	tree_set_brief(t, true);
	check_lines(
		t,
		"user ci  111122223333  first 2026-01-09 18:10  last "
		"21:37:40 [5]\n"
		"  key AKIA..001  from 203.0.113.66  FIRST SEEN 21:37:00 [2]\n"
		"    became H Build/ci  AssumeRole  ASIA..001 [5] <\n"
		"      made H user eve [1]\n"
		"        key AKIA..001  from 203.0.113.90  FIRST SEEN "
		"21:40:00 [1]\n"
		"      made key AKIA..002 for user bob [3]\n"
		"        used from 203.0.113.90  FIRST SEEN 21:40:00 [3]\n");
	assert_true(t->line[t->shown[1]].last_child);
	/* What is left out is where the line above it is. */
	assert_int_equal(tree_position(t, call), 2);
	for (uint32_t i = 0; i < t->n; i++)
		assert_true(tree_position(t, i) < t->shown_n);
	/* Of another focus other lines have to do with it; alarms stay. */
	assert_true(tree_refocus(
		t, node_of(s.graph.lineage, "K:AKIABOB0000000000002"),
		ROW_NONE));
	check_lines(
		t,
		"user ci  111122223333  first 2026-01-09 18:10  last "
		"21:37:40 [5]\n"
		"  key AKIA..001  from 203.0.113.66  FIRST SEEN 21:37:00 [2]\n"
		"    became H Build/ci  AssumeRole  ASIA..001 [5]\n"
		"      made H user eve [1]\n"
		"      made key AKIA..002 for user bob [3] <\n"
		"        used from 203.0.113.90  FIRST SEEN 21:40:00 [3]\n");
	assert_true(
		tree_refocus(t, node_of(s.graph.lineage, session), ROW_NONE));
	tree_set_brief(t, false);
	dump(&after, t);
	assert_str_eq(strbuf_str(&after), strbuf_str(&before));
	strbuf_release(&before);
	strbuf_release(&after);
	tree_free(t);
	story_release(&s);
}

static void check_rows(const struct rowset *rows, const row_id *want, size_t n)
{
	assert_int_equal(rows->n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(rows->row[i], want[i]);
}

static void rows_of_lines(void **state)
{
	static const row_id thief[] = { CI_ASKS, CI_ASSUMES };
	static const row_id below[] = { CI_ASKS,     CI_ASSUMES, TRIES_USERS,
					TRIES_ROLES, MAKES_USER, MAKES_KEY,
					ATTACHES,    READS_A,    READS_B,
					READS_OTHER, EVE_ACTS };
	static const row_id bob[] = { BOB_LISTS, READS_A, READS_B,
				      READS_OTHER };
	static const row_id refused[] = { TRIES_ROLES };
	struct rowset rows = ROWSET_INIT, view;
	const struct lineage *l;
	struct story s;
	struct tree *t;
	uint32_t ip;
	node_id key;

	(void)state;
	story_make(&s);
	l = s.graph.lineage;
	key = node_of(l, "K:AKIACIC0000000000001");
	ip = store_find_value(l->store, EVENT_IP, STR("203.0.113.66"));
	tree_node_rows(l, key, ip, 0, &rows);
	check_rows(&rows, thief, ARRAY_SIZE(thief));
	/* All that came of the key in the thief's hands, not of ci's use. */
	tree_below_rows(l, key, ip, 0, &rows);
	check_rows(&rows, below, ARRAY_SIZE(below));
	ip = store_find_value(l->store, EVENT_IP, STR("198.51.100.7"));
	tree_below_rows(l, key, ip, 0, &rows);
	assert_int_equal(rows.n, CI_LAST - CI_FIRST + 1);
	/* A user's are those of all keys. */
	tree_node_rows(l, node_of(l, "P:arn:aws:iam::" ACCOUNT ":user/bob"),
		       TREE_ANYWHERE, 0, &rows);
	check_rows(&rows, bob, ARRAY_SIZE(bob));
	t = around(&s, session, TREE_BY_PERSON);
	view = tree_line_rows(t, line_of(t, "ListRoles"));
	check_rows(&view, refused, ARRAY_SIZE(refused));
	assert_int_equal(tree_event(t, line_of(t, "ListRoles")), TRIES_ROLES);
	assert_int_equal(tree_event(t, line_of(t, "Build/ci")), CI_ASSUMES);
	tree_free(t);
	rowset_release(&rows);
	story_release(&s);
}

static void evidence_is_said(void **state)
{
	struct strbuf text;
	struct story s;
	struct tree *t;

	(void)state;
	story_make(&s);
	strbuf_init(&text);
	t = around(&s, session, TREE_BY_PERSON);
	tree_evidence(t, line_of(t, "Build/ci"), &utc, &text);
	assert_true(str_starts(strbuf_str(&text),
			       STR("link AKIA..001 -> session Build/ci: ")));
	assert_true(str_ends(strbuf_str(&text),
			     STR(", AssumeRole e0000000-0000-4000-8000-"
				 "000000000006")));
	strbuf_clear(&text);
	tree_evidence(t, line_of(t, "ListRoles"), &utc, &text);
	assert_str_eq(strbuf_str(&text),
		      STR("alert: User created, e0000000-0000-4000-8000-"
			  "000000000008"));
	strbuf_clear(&text);
	tree_evidence(t, line_of(t, "key AKIA..001  from 203.0.113.66"), &utc,
		      &text);
	assert_str_eq(strbuf_str(&text),
		      STR("sourceIPAddress of 2 of its 5 events; first seen "
			  "3h 37m after the evidence begins"));
	strbuf_release(&text);
	tree_free(t);
	story_release(&s);
}

static void other_forms(void **state)
{
	struct rowset view;
	struct story s;
	struct tree *t;

	(void)state;
	story_make(&s);
	t = around(&s, session, TREE_BY_ADDRESS);
	/* Of ci's own addresses everybody is shown: bob and ops, too. */
	check_lines(t, "from 198.51.100.7 [5] <\n"
		       "  key AKIA..001 of user ops [1]\n"
		       "  key AKIA..001 of user bob [1]\n"
		       "  key AKIA..001 of user ci [3]\n"
		       "H from 203.0.113.66  FIRST SEEN 21:37:00 [7]\n"
		       "from 203.0.113.90  FIRST SEEN 21:40:00 [4]\n");
	tree_free(t);
	t = around(&s, session, TREE_BY_KEY);
	check_lines(t, "key AKIA..001 of user ci [5]\n"
		       "H session Build/ci [5] <\n"
		       "  H from 203.0.113.66  FIRST SEEN 21:37:00 [5]\n"
		       "key AKIA..002 of user bob [3]\n"
		       "key AKIA..001 of user eve [1]\n");
	tree_free(t);
	t = around(&s, session, TREE_BY_API);
	assert_true(tree_open(t, line_of(t, "s3 ListBuckets")));
	view = tree_line_rows(t, line_of(t, "s3 ListBuckets"));
	/* Three of ci and one of eve, whom it made; not those of ops. */
	assert_int_equal(view.n, 4);
	assert_int_equal(tree_column_of(t, line_of(t, "s3 ListBuckets")),
			 TREE_COLUMN_NAME);
	tree_free(t);
	story_release(&s);
}

/* A machine that is taken over --------------------------------------------- */

#define MACHINE "i-0123456789abcdef0"
/* A session of a role: its principalId's end, its key, when it began. */
#define SESSION_OF(role, uid, name, key, at)                                  \
	"\"type\":\"AssumedRole\",\"principalId\":\"" uid ":" name            \
	"\",\"arn\":\"arn:aws:sts::" ACCOUNT ":assumed-role/" role "/" name   \
	"\",\"accountId\":\"" ACCOUNT "\",\"accessKeyId\":\"" key             \
	"\",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\","        \
	"\"principalId\":\"" uid "\",\"arn\":\"arn:aws:iam::" ACCOUNT         \
	":role/" role "\",\"accountId\":\"" ACCOUNT "\",\"userName\":\"" role \
	"\"},\"attributes\":{\"creationDate\":\"2026-01-09T" at "Z\"},"       \
	"\"ec2RoleDelivery\":\"2.0\"}"
#define FIRST                                                         \
	SESSION_OF("web", "AROAWEB", MACHINE, "ASIAWEB0000000000001", \
		   "09:59:00")
#define SECOND                                                        \
	SESSION_OF("web", "AROAWEB", MACHINE, "ASIAWEB0000000000002", \
		   "11:40:00")
#define EARLY                                                         \
	SESSION_OF("job", "AROAJOB", "early", "ASIAJOB0000000000001", \
		   "10:05:00")
#define LATE \
	SESSION_OF("job", "AROAJOB", "late", "ASIAJOB0000000000002", "12:30:00")
#define ASSUMES(name, key)                                                    \
	",\"requestParameters\":{\"roleArn\":\"arn:aws:iam::" ACCOUNT         \
	":role/job\",\"roleSessionName\":\"" name "\"},\"responseElements\":" \
	"{\"credentials\":{\"accessKeyId\":\"" key "\"},"                     \
	"\"assumedRoleUser\":{\"assumedRoleId\":\"AROAJOB:" name "\"}}"

/* It reads, is refused and has a session of its own before eve comes. */
static void tell_takeover(struct strbuf *out)
{
	const char *home = "198.51.100.7";

	call(out, 0, "10:00:00", FIRST, home, "s3", "ListBuckets", "");
	call(out, 1, "10:04:00", FIRST, home, "iam", "ListUsers", DENIED);
	call(out, 2, "10:05:00", FIRST, home, "sts", "AssumeRole",
	     ASSUMES("early", "ASIAJOB0000000000001"));
	call(out, 3, "10:06:00", EARLY, home, "s3", "ListBuckets", "");
	call(out, 4, "11:00:00", EVE, "203.0.113.66", "ssm", "SendCommand",
	     ",\"requestParameters\":{\"instanceIds\":[\"" MACHINE "\"],"
	     "\"documentName\":\"AWS-RunShellScript\"}");
	call(out, 5, "11:30:00", FIRST, home, "s3", "ListBuckets", "");
	call(out, 6, "12:00:00", SECOND, home, "s3", "ListBuckets", "");
	call(out, 7, "12:30:00", SECOND, home, "sts", "AssumeRole",
	     ASSUMES("late", "ASIAJOB0000000000002"));
	call(out, 8, "12:31:00", LATE, home, "s3", "ListBuckets", "");
}

/* What a machine did before it was taken over came of nobody. */
static void taken_over(void **state)
{
	static const row_id below[] = { 4, 5, 6, 7, 8 };
	static const row_id own[] = { 5, 6, 7 };
	const struct tree_options options = { .form = TREE_BY_PERSON,
					      .row = ROW_NONE };
	struct rowset rows = ROWSET_INIT;
	struct tree_index *x;
	struct strbuf text;
	struct folder f;
	const char *path = f.path;
	struct graph g;
	struct tree *t;
	node_id eve, machine;

	(void)state;
	strbuf_init(&text);
	tell_takeover(&text);
	folder_make(&f);
	put_file(&f, "log.json", strbuf_str(&text));
	strbuf_release(&text);
	graph_of_paths(&g, &path, 1, 1);
	x = tree_index_new(g.lineage, NULL, NULL);
	eve = node_of(g.lineage, "P:arn:aws:iam::" ACCOUNT ":user/eve");
	machine = node_of(g.lineage, "C:arn:aws:ec2:us-east-1:" ACCOUNT
				     ":instance/" MACHINE);
	t = tree_new(x, eve, &options);
	tree_open_all(t, 100, TREE_UNFOLD_WHOLE);
	check_lines(
		t,
		"user eve  111122223333  first 2026-01-09 11:00  last "
		"11:00:00 [1] <\n"
		"  key AKIA..001  from 203.0.113.66  FIRST SEEN 11:00:00 [1]\n"
		"    took control of instance " MACHINE "  2 sessions since  "
		"SendCommand [3]\n"
		"      runs as session web/" MACHINE "  ASIA..001  "
		"from 198.51.100.7 [1]\n"
		"      runs as session web/" MACHINE "  ASIA..002  "
		"from 198.51.100.7 [2]\n"
		"        became job/late  AssumeRole  ASIA..002 [1]\n");
	tree_below_rows(g.lineage, eve, TREE_ANYWHERE, 0, &rows);
	check_rows(&rows, below, ARRAY_SIZE(below));
	tree_node_rows(g.lineage, machine, TREE_ANYWHERE, 4, &rows);
	check_rows(&rows, own, ARRAY_SIZE(own));
	tree_free(t);
	/* The machine's own tree has all of it. */
	t = tree_new(x, machine, &options);
	assert_int_equal(t->line[t->focus].events, 6);
	tree_free(t);
	rowset_release(&rows);
	tree_index_free(x);
	graph_release(&g);
	folder_remove(&f);
}

/* Many, and a few of them that tell ----------------------------------------- */

enum { RENEWALS = 60, STRANGER = 40, LOW_FROM = 20, WORST = 50 };

/* Keys that ops made, each used from more addresses than get a line. */
enum { KEYS_MADE = 40, ADDRESSES_USED = 30 };

static void tell_keys(struct strbuf *out)
{
	unsigned n = 0;

	for (unsigned k = 0; k < KEYS_MADE; k++) {
		char more[256], identity[256], ip[20];

		snprintf(more, sizeof(more),
			 ",\"requestParameters\":{\"userName\":\"u%u\"},"
			 "\"responseElements\":{\"accessKey\":{\"accessKeyId\":"
			 "\"AKIAMADE%012u\",\"userName\":\"u%u\"}}",
			 k, k, k);
		call(out, n++, "18:00:00", OPS, "198.51.100.7", "iam",
		     "CreateAccessKey", more);
		snprintf(identity, sizeof(identity),
			 USER("u%u", "AKIAMADE%012u"), k, k, k, k);
		for (unsigned i = 0; i < ADDRESSES_USED; i++) {
			snprintf(ip, sizeof(ip), "203.0.%u.%u", k, i + 1);
			call(out, n++, "18:10:00", identity, ip, "s3",
			     "ListBuckets", "");
		}
	}
}

static void more_than_is_shown(void **state)
{
	const struct tree_options options = { .form = TREE_BY_PERSON,
					      .row = ROW_NONE,
					      .deeds = true };
	struct strbuf text;
	struct folder f;
	const char *path = f.path;
	struct graph g;
	struct tree_index *x;
	struct tree *t;
	uint32_t rests = 0;

	(void)state;
	strbuf_init(&text);
	tell_keys(&text);
	folder_make(&f);
	put_file(&f, "log.json", strbuf_str(&text));
	strbuf_release(&text);
	graph_of_paths(&g, &path, 1, 1);
	x = tree_index_new(g.lineage, NULL, NULL);
	t = tree_new(x,
		     node_of(g.lineage, "P:arn:aws:iam::" ACCOUNT ":user/ops"),
		     &options);
	tree_open_all(t, UINT32_MAX, TREE_UNFOLD_WHOLE);
	for (uint32_t i = 0; i < t->n; i++) {
		const struct tree_line *line = &t->line[i];

		if (line->kind != TREE_MORE)
			continue;
		rests++;
		assert_int_equal(line->child_n, line->count);
		for (uint32_t c = 0; c < line->child_n; c++)
			assert_int_equal(t->line[line->child + c].parent, i);
	}
	assert_int_equal(rests, KEYS_MADE);
	tree_free(t);
	tree_index_free(x);
	graph_release(&g);
	folder_remove(&f);
}

/* A session a minute; one is used from an address that was never seen. */
static void tell_renewals(struct strbuf *out)
{
	for (unsigned n = 0; n < RENEWALS; n++) {
		char at[16], identity[1024];

		snprintf(at, sizeof(at), "%02u:%02u:00", 10 + n / 30,
			 n % 30 * 2);
		snprintf(identity, sizeof(identity),
			 SESSION_OF("web", "AROAWEB", MACHINE,
				    "ASIAWEB00000000000%02u", "%s"),
			 n, at);
		call(out, n, at, identity,
		     n == STRANGER ? "203.0.113.66" : "198.51.100.7", "s3",
		     "ListBuckets", "");
	}
}

static void telling_ones(void **state)
{
	const struct tree_options options = { .form = TREE_BY_PERSON,
					      .row = ROW_NONE };
	struct mark_label *label = mem_zero(1, sizeof(*label));
	struct mark *mark = mem_zero(22, sizeof(*mark));
	struct tree_index *x;
	struct marks marks;
	struct strbuf text;
	struct folder f;
	const char *path = f.path;
	struct graph g;
	struct tree *t;
	node_id machine;

	(void)state;
	strbuf_init(&text);
	tell_renewals(&text);
	folder_make(&f);
	put_file(&f, "log.json", strbuf_str(&text));
	strbuf_release(&text);
	graph_of_paths(&g, &path, 1, 1);
	machine = node_of(g.lineage, "C:arn:aws:ec2:us-east-1:" ACCOUNT
				     ":instance/" MACHINE);
	/* No alerts: the stranger alone, and one line for the others. */
	x = tree_index_new(g.lineage, NULL, NULL);
	t = tree_new(x, machine, &options);
	assert_int_equal(t->shown_n, 2);
	tree_open_all(t, 100, TREE_UNFOLD_TELLING);
	assert_int_equal(t->shown_n, 4);
	assert_int_equal(t->line[t->shown[2]].first, STRANGER);
	assert_int_equal(t->line[t->shown[3]].events, RENEWALS - 1);
	assert_int_equal(t->line[t->shown[3]].first, 0);
	assert_int_equal(t->line[t->shown[3]].last, RENEWALS - 1);
	line_of(t, "59 more sessions");
	tree_open_all(t, 100, TREE_UNFOLD_WHOLE);
	assert_int_equal(t->shown_n, 4 + RENEWALS - 1);
	line_of(t, "59 more sessions");
	tree_free(t);
	/* No room: nothing is unfolded that would be cut. */
	t = tree_new(x, machine, &options);
	tree_open_all(t, 3, TREE_UNFOLD_TELLING);
	assert_int_equal(t->shown_n, 2);
	tree_free(t);
	tree_index_free(x);
	/* More alerts than lines: the worst is among them, the stranger is
	 * not. */
	label->title = STR("Something");
	for (unsigned i = 0; i < 22; i++)
		mark[i] = (struct mark){ .row = LOW_FROM + i,
					 .level = LEVEL_LOW };
	mark[21] = (struct mark){ .row = WORST, .level = LEVEL_HIGH };
	marks_init(&marks, label, 1, mark, 22);
	x = tree_index_new(g.lineage, &marks, NULL);
	t = tree_new(x, machine, &options);
	tree_open_all(t, 100, TREE_UNFOLD_TELLING);
	assert_int_equal(t->shown_n, 2 + 20 + 1);
	assert_int_equal(t->line[t->shown[2]].first, LOW_FROM);
	assert_int_equal(t->line[t->shown[20]].first, LOW_FROM + 18);
	assert_int_equal(t->line[t->shown[21]].first, WORST);
	line_of(t, "40 more sessions");
	tree_free(t);
	tree_index_free(x);
	marks_release(&marks);
	graph_release(&g);
	folder_remove(&f);
}

/* Very many --------------------------------------------------------------- */

enum { SESSIONS = 100000 };

/* An instance that renews its credentials every minute, for ten weeks. */
static void renew(struct strbuf *out, unsigned n)
{
	struct strbuf time;

	strbuf_init(&time);
	time_format(&time, 1767225600000 + (int64_t)n * 60000, TIME_ISO, &utc);
	strbuf_addf(out,
		    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":"
		    "\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\"},"
		    "\"eventTime\":\"%.*s\",\"eventSource\":"
		    "\"sts.amazonaws.com\",\"eventName\":\"AssumeRole\","
		    "\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":"
		    "\"ec2.amazonaws.com\",\"requestParameters\":{\"roleArn\":"
		    "\"arn:aws:iam::" ACCOUNT ":role/web\","
		    "\"roleSessionName\":\"i-0123456789abcdef0\"},"
		    "\"responseElements\":{\"credentials\":{\"accessKeyId\":"
		    "\"ASIA%016u\"},\"assumedRoleUser\":{\"assumedRoleId\":"
		    "\"AROAWEB:i-0123456789abcdef0\"}},"
		    "\"recipientAccountId\":\"" ACCOUNT "\",\"eventID\":\"",
		    STR_ARG(strbuf_str(&time)), n);
	add_id(out, n);
	strbuf_adds(out, "\"}\n");
	strbuf_release(&time);
}

/* A key may take 16 ms, with a sanitizer's checks more; of the processor, for
 * the machine may have other things to do. */
#ifdef __SANITIZE_ADDRESS__
enum { KEY_MS = 16 * 20 };
#else
enum { KEY_MS = 16 * 2 };
#endif

static clock_t begun;

static void check_fast(const char *what)
{
	int took = (int)((clock() - begun) * 1000 / CLOCKS_PER_SEC);

	check(took <= KEY_MS, "%s took %d ms", what, took);
}

/* As of a form in which an identity has no rows: `*` asks for the first. */
static void no_lines(void **state)
{
	struct tree t = { .n = 0 };

	(void)state;
	assert_int_equal(tree_position(&t, 0), 0);
	assert_int_equal(tree_position(&t, TREE_NO_LINE), 0);
}

static void many_sessions(void **state)
{
	const struct tree_options options = { .form = TREE_BY_PERSON,
					      .deeds = true,
					      .row = ROW_NONE };
	struct tree_index *x;
	struct rowset rows = ROWSET_INIT;
	struct strbuf text;
	struct folder f;
	const char *path = f.path;
	struct graph g;
	struct tree *t;
	node_id of, machine;
	uint32_t group;
	row_id row;

	(void)state;
	strbuf_init(&text);
	for (unsigned n = 0; n < SESSIONS; n++)
		renew(&text, n);
	folder_make(&f);
	put_file(&f, "log.json", strbuf_str(&text));
	strbuf_release(&text);
	graph_of_paths(&g, &path, 1, 2);
	assert_int_equal(g.load.store->n, SESSIONS);
	x = tree_index_new(g.lineage, NULL, NULL);
	machine = node_of(g.lineage, "C:arn:aws:ec2:us-east-1:" ACCOUNT
				     ":instance/i-0123456789abcdef0");
	begun = clock();
	t = tree_new(x, machine, &options);
	check_fast("the tree");
	check_lines(t, "instance i-0123456789abcdef0  100,000 sessions  "
		       "111122223333   [0] <\n"
		       "  runs as web  100,000 sessions [0]\n");
	/* Nothing was made that is not shown. */
	assert_int_equal(t->n, 2);
	group = line_of(t, "web");
	tree_group_of(t, group, &of, &row);
	assert_int_equal(of, node_of(g.lineage,
				     "P:arn:aws:iam::" ACCOUNT ":role/web"));
	begun = clock();
	assert_true(tree_open(t, group));
	check_fast("to unfold the group");
	/* Nothing is notable: behind the first ones is a line again. */
	line_of(t, "99,980 more sessions");
	begun = clock();
	assert_true(tree_open(t, line_of(t, "99,980 more sessions")));
	check_fast("to unfold more");
	line_of(t, "99,480 more sessions");
	assert_int_equal(t->shown_n, 524);
	begun = clock();
	tree_close(t, group);
	check_fast("to fold");
	assert_int_equal(t->shown_n, 2);
	tree_free(t);
	/* The session that is looked at stands there by itself. */
	begun = clock();
	t = tree_new(x,
		     node_of(g.lineage, "S:AROAWEB:i-0123456789abcdef0@"
					"2026-01-04T06:31:00Z"),
		     &options);
	check_fast("the tree around one of many");
	assert_int_equal(t->shown_n, 4);
	assert_int_equal(t->line[t->focus].depth, 2);
	line_of(t, "99,999 more sessions");
	begun = clock();
	assert_true(
		tree_refocus(t,
			     node_of(g.lineage, "S:AROAWEB:i-0123456789abcdef0@"
						"2026-01-04T06:31:00Z"),
			     ROW_NONE));
	check_fast("the same again");
	tree_free(t);
	tree_group_rows(g.lineage, machine, TREE_ANYWHERE, 0, of, ROW_NONE,
			true, &rows);
	assert_int_equal(rows.n, 0);
	rowset_release(&rows);
	tree_index_free(x);
	graph_release(&g);
	folder_remove(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_story),
		cmocka_unit_test(who_a_key_is_made_by),
		cmocka_unit_test(folds),
		cmocka_unit_test(brief),
		cmocka_unit_test(rows_of_lines),
		cmocka_unit_test(evidence_is_said),
		cmocka_unit_test(other_forms),
		cmocka_unit_test(taken_over),
		cmocka_unit_test(more_than_is_shown),
		cmocka_unit_test(telling_ones),
		cmocka_unit_test(no_lines),
		cmocka_unit_test(many_sessions),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
