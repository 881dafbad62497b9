/* SPDX-License-Identifier: MIT */
/*
 * Lines of logs beside CloudTrail: what each says, by AWS's and nginx's
 * descriptions of the formats; loaded and read again; hostile ones.
 */
#include "ingest_help.h"

#include "base/json.h"
#include "base/timefmt.h"
#include "ingest/line.h"
#include "ingest/reader.h"

#define ALB                                                                   \
	"https 2020-10-03T06:06:10.123456Z app/prd/50dc6c495c0c9188 "         \
	"203.0.113.66:46532 10.0.30.91:80 0.001 0.002 0.000 200 200 391 812 " \
	"\"POST https://shop.example:443/profile.php?a=b HTTP/1.1\" "         \
	"\"curl/7.68.0\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 "                \
	"arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:"           \
	"targetgroup/web/73e2d6bc24d8a067 \"Root=1-5f\" \"shop.example\" "    \
	"\"arn:aws:acm:x\" 0 2020-10-03T06:06:10.100000Z \"forward\" \"-\" "  \
	"\"-\" \"10.0.30.91:80\" \"200\" \"-\" \"-\""

#define S3                                                                   \
	"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be "  \
	"awsexamplebucket1 [06/Feb/2019:00:00:38 +0000] 192.0.2.3 "          \
	"arn:aws:sts::111122223333:assumed-role/web/i-0e6 3E57427F3EXAMPLE " \
	"REST.GET.OBJECT private/x.py \"GET /private/x.py HTTP/1.1\" 403 "   \
	"AccessDenied 243 1024 7 - \"-\" \"S3Console/0.4\" - "               \
	"s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP= "  \
	"SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader "                      \
	"awsexamplebucket1.s3.us-west-1.amazonaws.com TLSV1.2 - -"

#define FLOW                                                            \
	"2 123456789010 eni-1235b8ca123456789 10.0.30.91 203.0.113.66 " \
	"34892 4444 6 20 4249 1601705130 1601705190 ACCEPT OK"

#define HEADER                                                         \
	"instance-id srcaddr dstaddr dstport pkt-srcaddr pkt-dstaddr " \
	"protocol bytes start action region"

/* The example of AWS's description, with an agent that was encoded twice. */
#define EDGE                                                               \
	"2019-12-04\t21:02:31\tLAX1\t392\t192.0.2.100\tGET\t"              \
	"d111111abcdef8.cloudfront.net\t/index.html\t200\t-\t"             \
	"Mozilla/5.0%2520(Windows%2520NT%252010.0)\t-\t-\tHit\t"           \
	"SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==\t"       \
	"shop.example\thttps\t23\t0.001\t-\tTLSv1.2\t"                     \
	"ECDHE-RSA-AES128-GCM-SHA256\tHit\tHTTP/2.0\t-\t-\t11040\t0.001\t" \
	"Hit\ttext/html\t78\t-\t-"

#define EDGE_HEADER                                                         \
	"#Fields: c-ip x-edge-location cs-uri-query cs-uri-stem cs-method " \
	"cs(User-Agent)\tsc-status date time cs(Cookie)"

#define EDGE_SHORT                                                        \
	"2001:db8::7\tNRT57\tu=http%3A%2F%2F169.254.169.254%2F\t/a.php\t" \
	"POST\tsqlmap/1.4\t403\t2020-10-03\t06:06:10\ts=1"

struct expected {
	const char *header, *line;
	enum form form;
	/* "key=value" of the record, as far as they are looked at. */
	const char *has[12];
};

static const struct expected lines[] = {
	{ "",
	  "203.0.113.66 - - [03/Oct/2020:15:06:10 +0900] \"GET "
	  "/profile.php?url=http%3A%2F%2F169.254.169.254%2F HTTP/1.1\" 200 "
	  "512 \"http://shop.example/\" \"Mozilla/5.0 (X11)\"",
	  FORM_WEB,
	  { "eventTime=2020-10-03T06:06:10Z", "eventName=GET /profile.php",
	    "sourceIPAddress=203.0.113.66", "userAgent=Mozilla/5.0 (X11)",
	    "cs-uri-query=url=http%3A%2F%2F169.254.169.254%2F",
	    "metadataAddress=169.254.169.254", "sc-status=200", "sc-bytes=512",
	    "cs-referer=http://shop.example/",
	    "errorCode=", "c-ip=203.0.113.66", NULL } },
	/* Behind a balancer: whom it saw comes last. */
	{ "",
	  "10.0.20.5 - carol [03/Oct/2020:01:36:10 -0430] \"POST / HTTP/1.0\" "
	  "403 0 \"-\" \"sqlmap/1.4\" \"1.2.3.4, 203.0.113.66\"",
	  FORM_WEB,
	  { "eventTime=2020-10-03T06:06:10Z", "sourceIPAddress=203.0.113.66",
	    "c-ip=10.0.20.5", "cs-username=carol", "errorCode=403",
	    "x-forwarded-for=1.2.3.4, 203.0.113.66", "cs-referer=", NULL } },
	/* From outside X-Forwarded-For is what the client wrote. */
	{ "",
	  "203.0.113.66 - - [03/Oct/2020:06:06:10 +0000] \"GET / HTTP/1.1\" "
	  "200 1 \"-\" \"x\" \"198.51.100.9\"",
	  FORM_WEB,
	  { "sourceIPAddress=203.0.113.66", "x-forwarded-for=198.51.100.9",
	    NULL } },
	/* Common format; a virtual host before; no request at all. */
	{ "",
	  "198.51.100.7 - frank [10/Oct/2000:13:55:36 -0700] \"GET "
	  "/apache_pb.gif HTTP/1.0\" 200 2326",
	  FORM_WEB,
	  { "eventTime=2000-10-10T20:55:36Z", "cs-username=frank",
	    "sc-bytes=2326", "userAgent=", NULL } },
	{ "",
	  "shop.example:443 198.51.100.7 - - [10/Oct/2000:13:55:36 +0000] "
	  "\"\\x16\\x03\\x01\" 400 150 \"-\" \"-\"",
	  FORM_WEB,
	  { "sourceIPAddress=198.51.100.7", "eventName=request",
	    "errorCode=400", "cs-uri-stem=\\x16\\x03\\x01",
	    "cs-method=", NULL } },
	/* A quote that is escaped, and one that is not. */
	{ "",
	  "198.51.100.7 - - [10/Oct/2000:13:55:36 +0000] \"GET /\\\" HTTP/1.1\""
	  " 200 1 \"-\" \"a\"b\"",
	  FORM_WEB,
	  { "eventName=GET /\\\"", "userAgent=a\"b", NULL } },
	{ "",
	  ALB,
	  FORM_ELB,
	  { "eventTime=2020-10-03T06:06:10.123Z", "eventName=POST /profile.php",
	    "sourceIPAddress=203.0.113.66", "userAgent=curl/7.68.0",
	    "target=10.0.30.91:80", "s-ip=10.0.30.91", "cs-host=shop.example",
	    "cs-uri-query=a=b", "trace_id=Root=1-5f", "sc-bytes=812",
	    "cs-bytes=391", NULL } },
	/* Classic. */
	{ "",
	  "2015-05-13T23:39:43.945958Z my-loadbalancer [2001:db8::7]:2817 "
	  "10.0.0.1:80 0.000073 0.001048 0.000057 503 - 0 29 \"GET "
	  "http://www.example.com:80/ HTTP/1.1\" \"curl/7.38.0\" - -",
	  FORM_ELB,
	  { "elb=my-loadbalancer", "sourceIPAddress=2001:db8::7",
	    "client=[2001:db8::7]:2817", "errorCode=503", NULL } },
	{ "",
	  "2015-05-13T23:39:43.945958Z my-loadbalancer 192.0.2.1:2817 - "
	  "-1 -1 -1 503 0 0 29 \"GET http://www.example.com:80/ HTTP/1.1\" "
	  "\"curl/7.38.0\" - -",
	  FORM_ELB,
	  { "elb=my-loadbalancer", "errorCode=503",
	    "target=", "sourceIPAddress=192.0.2.1", NULL } },
	{ "",
	  "tls 2.0 2018-12-20T02:59:40 net/my-nlb/c6e77e28c25b2234 "
	  "g3d4b5e8bb8464cd 203.0.113.66:51341 172.100.100.185:443 5 2 98 246 "
	  "- arn:aws:acm:x - ECDHE-RSA-AES128-SHA tlsv12 - host.example h2",
	  FORM_ELB,
	  { "eventTime=2018-12-20T02:59:40Z", "sourceIPAddress=203.0.113.66",
	    "sc-bytes=246", "domain_name=host.example", NULL } },
	{ "",
	  S3,
	  FORM_S3_ACCESS,
	  { "eventTime=2019-02-06T00:00:38Z", "eventName=REST.GET.OBJECT",
	    "sourceIPAddress=192.0.2.3", "bucket=awsexamplebucket1",
	    "requester=arn:aws:sts::111122223333:assumed-role/web/i-0e6",
	    "requestID=3E57427F3EXAMPLE", "objectKey=private/x.py",
	    "errorCode=AccessDenied", "sc-status=403", "bytes_sent=243",
	    "object_size=1024", NULL } },
	/* The address that is not one's own is the row's. */
	{ "",
	  FLOW,
	  FORM_FLOW,
	  { "eventTime=2020-10-03T06:05:30Z", "eventName=ACCEPT tcp/4444",
	    "sourceIPAddress=203.0.113.66", "srcaddr=10.0.30.91",
	    "dstaddr=203.0.113.66", "dstport=4444", "bytes=4249",
	    "account-id=123456789010", "end=1601705190", "errorCode=", NULL } },
	/* Out of CloudWatch Logs; refused; nothing seen. */
	{ "",
	  "2020-10-03T06:06:30.000Z 2 123456789010 eni-1 203.0.113.66 "
	  "10.0.30.91 34892 22 6 20 4249 1601705130 1601705190 REJECT OK",
	  FORM_FLOW,
	  { "sourceIPAddress=203.0.113.66", "errorCode=REJECT",
	    "eventName=REJECT tcp/22", NULL } },
	{ "",
	  "2 123456789010 eni-1 - - - - - - - 1601705130 1601705190 - NODATA",
	  FORM_FLOW,
	  { "eventName=NODATA", "sourceIPAddress=", NULL } },
	{ HEADER,
	  "i-0e6921bc7de8aa9e9 10.0.1.1 10.0.2.2 443 10.0.30.91 203.0.113.66 "
	  "17 99 1601705130 ACCEPT ap-northeast-1",
	  FORM_FLOW,
	  { "instance-id=i-0e6921bc7de8aa9e9", "sourceIPAddress=203.0.113.66",
	    "awsRegion=ap-northeast-1", "eventName=ACCEPT udp/443",
	    "pkt-dstaddr=203.0.113.66", "bytes=99", NULL } },
	{ "",
	  EDGE,
	  FORM_CLOUDFRONT,
	  { "eventTime=2019-12-04T21:02:31Z", "eventName=GET /index.html",
	    "eventSource=cloudfront", "sourceIPAddress=192.0.2.100",
	    "userAgent=Mozilla/5.0 (Windows NT 10.0)", "sc-status=200",
	    "cs-host=d111111abcdef8.cloudfront.net",
	    "x-host-header=shop.example", "sc-content-len=78",
	    "x-edge-location=LAX1", "cs-referer=", NULL } },
	{ EDGE_HEADER,
	  EDGE_SHORT,
	  FORM_CLOUDFRONT,
	  { "eventTime=2020-10-03T06:06:10Z", "eventName=POST /a.php",
	    "sourceIPAddress=2001:db8::7", "errorCode=403",
	    "cs-user-agent=sqlmap/1.4", "metadataAddress=169.254.169.254",
	    "cs-uri-query=u=http%3A%2F%2F169.254.169.254%2F", "cs-cookie=s=1",
	    "cs-version=", NULL } },
	/* One field more, one fewer than the header has names. */
	{ EDGE_HEADER, EDGE_SHORT "\tx", FORM_RECORD, { NULL } },
	{ EDGE_HEADER " x-more", EDGE_SHORT, FORM_RECORD, { NULL } },
	{ EDGE_HEADER, FLOW, FORM_RECORD, { NULL } },
	/* The audit plug-in of MariaDB; a statement with commas and quotes. */
	{ "",
	  "20140901 21:55:09,localhost.localdomain,jeffbyrnes,198.51.100.7,9,"
	  "185,QUERY,mydb,'select a, \\'b,1\\' from t',0",
	  FORM_MYSQL,
	  { "eventTime=2014-09-01T21:55:09Z", "eventName=QUERY SELECT",
	    "eventSource=mysql", "sourceIPAddress=198.51.100.7",
	    "username=jeffbyrnes", "database=mydb", "connectionid=9",
	    "object=select a, \\'b,1\\' from t", "retcode=0",
	    "errorCode=", NULL } },
	{ "",
	  "20140901 21:55:09,db1,root,198.51.100.7,9,0,FAILED_CONNECT,,,1045",
	  FORM_MYSQL,
	  { "eventName=FAILED_CONNECT", "errorCode=1045",
	    "database=", "object=", "username=root", NULL } },
	/* Aurora's; as CloudWatch Logs exports it. */
	{ "",
	  "2014-09-01T21:55:10.000Z 1409608509123456,db1,root,10.0.0.5,9,7,"
	  "QUERY,,'/* x */ drop table t',1142",
	  FORM_MYSQL,
	  { "eventTime=2014-09-01T21:55:09.123Z", "eventName=QUERY",
	    "operation=QUERY", "errorCode=1142", NULL } },
	{ "",
	  "20140901 21:55:09,db1,root,10.0.0.5,9,x,QUERY,mydb,'a',0",
	  FORM_RECORD,
	  { NULL } },
	{ "",
	  "20140931 21:55:09,db1,root,10.0.0.5,9,7,QUERY,mydb,'a',0",
	  FORM_RECORD,
	  { NULL } },
	/* An address in brackets is one, not a time. */
	{ "",
	  "[2001:db8::1]:443 203.0.113.66 - - [03/Oct/2020:15:06:11 +0900] "
	  "\"GET /b HTTP/1.1\" 200 5 \"-\" \"-\"",
	  FORM_WEB,
	  { "sourceIPAddress=203.0.113.66", "eventName=GET /b", NULL } },
	/* Not so many fields as the header says. */
	{ HEADER, FLOW, FORM_RECORD, { NULL } },
	{ "", "", FORM_RECORD, { NULL } },
	{ "", "Oct  3 15:06:10 host sshd[1]: Accepted", FORM_RECORD, { NULL } },
	{ "",
	  "a - - [31/Foo/2020:15:06:10 +0900] \"x\" 200 1",
	  FORM_RECORD,
	  { NULL } },
	{ "",
	  "a - - [31/Feb/2020:15:06:10 +0900] \"x\" 200 1",
	  FORM_RECORD,
	  { NULL } },
	{ "",
	  "a - - [03/Oct/2020:15:06:10 +0900] \"x 200 1",
	  FORM_RECORD,
	  { NULL } },
};

static void check_line(const struct expected *x, struct arena *arena)
{
	enum form form;
	const struct json *v;
	struct strbuf out;
	struct err err;

	strbuf_init(&out);
	form = line_read(str_of(x->line), str_of(x->header), arena, &out);
	check(form == x->form, "%s: %s", x->line, form_name(form));
	if (form != FORM_RECORD) {
		v = json_read(arena, strbuf_str(&out), &err);
		check(v != NULL, "%s", out.p);
		assert_true(
			str_eq(json_text_at(v, "message"), str_of(x->line)));
		for (size_t i = 0; x->has[i]; i++) {
			struct str want = str_of(x->has[i]);
			size_t at = str_find_char(want, '=', 0);
			const struct json *have =
				json_member(v, str_sub(want, 0, at));

			want = str_from(want, at + 1);
			check(have ? str_eq(have->text, want) : !want.n,
			      "%s: %.*s, not %s", x->line,
			      STR_ARG(have ? have->text : STR_NULL), x->has[i]);
		}
	}
	strbuf_release(&out);
}

static void single_lines(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		check_line(&lines[i], &arena);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

/* Each cut of each line, and each with one byte turned, is read or refused. */
static void broken_lines(void **state)
{
	struct arena arena;
	struct strbuf out, line;

	(void)state;
	arena_init(&arena);
	strbuf_init(&out);
	strbuf_init(&line);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct str whole = str_of(lines[i].line);

		for (size_t n = 0; n < whole.n; n++) {
			char *copy = mem_dup(whole.p, n ? n : 1);

			line_read((struct str){ copy, n },
				  str_of(lines[i].header), &arena, &out);
			free(copy);
			strbuf_clear(&line);
			strbuf_add(&line, whole);
			line.p[n] = (char)(line.p[n] ^ (1 << n % 8));
			if (line_read(strbuf_str(&line), STR_NULL, &arena,
				      &out) != FORM_RECORD) {
				struct err err;

				assert_non_null(json_read(
					&arena, strbuf_str(&out), &err));
			}
			arena_reset(&arena);
		}
	}
	strbuf_release(&out);
	strbuf_release(&line);
	arena_release(&arena);
}

/* Files ---------------------------------------------------------------------- */

/* A row, and what is read of it again. */
static void check_again(const struct loaded *l, const char *expected)
{
	static const struct limits usual = LIMITS_DEFAULT;
	struct reader *r = reader_new(l->store, &usual);
	struct strbuf got;

	strbuf_init(&got);
	for (row_id row = 0; row < l->store->n; row++) {
		const struct event *e;
		struct err err = ERR_INIT;

		check(reader_event(r, row, &e, &err) == ERR_OK, "%s", err.msg);
		assert_int_equal(e->kind, l->store->kind[row]);
		assert_true(str_eq(e->column[EVENT_NAME],
				   store_text(l->store, EVENT_NAME, row)));
		assert_true(e->flags & EVENT_CARRIED);
		assert_int_equal(store_value_at(l->store, EVENT_PRINCIPAL, row),
				 0);
		assert_int_equal(store_value_at(l->store, EVENT_ACTOR, row), 0);
		strbuf_addf(&got, "%s%s:%.*s", row ? " | " : "",
			    event_kind_name(e->kind),
			    STR_ARG(e->column[EVENT_NAME]));
	}
	check(str_eq(strbuf_str(&got), str_of(expected)), "%.*s, not %s",
	      STR_ARG(strbuf_str(&got)), expected);
	strbuf_release(&got);
	reader_free(r);
}

static const char web_log[] =
	"cut off: 0 HTTP/1.1\" 200 5 \"-\" \"-\"\r\n"
	"203.0.113.66 - - [03/Oct/2020:15:06:10 +0900] \"GET /a HTTP/1.1\" 200 "
	"5 \"-\" \"-\"\r\n"
	"\r\n"
	"nothing of the kind\n"
	"203.0.113.66 - - [03/Oct/2020:15:06:11 +0900] \"GET /b HTTP/1.1\" 200 "
	"5 \"-\" \"-\"";

static const char flow_log[] = HEADER
	"\n"
	"i-1 10.0.1.1 10.0.2.2 443 10.0.1.1 10.0.2.2 6 99 1601705172 "
	"ACCEPT ap-northeast-1\n" HEADER "\n"
	"i-1 10.0.1.1 10.0.2.2 444 10.0.1.1 10.0.2.2 6 99 1601705173 "
	"ACCEPT ap-northeast-1\n";

static void files(void **state)
{
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	put_file(&f, "access.log", str_of(web_log));
	put_gzip(&f, "flow.log.gz", str_of(flow_log));
	put_file(&f, "s3", STR(S3 "\n"));
	put_file(&f, "alb", STR(ALB));
	load_path(&l, f.path, 2);
	check_again(&l, "s3access:REST.GET.OBJECT | web:GET /a | "
			"elb:POST /profile.php | web:GET /b | "
			"flow:ACCEPT tcp/443 | flow:ACCEPT tcp/444");
	assert_int_equal(l.store->counts.records, 8);
	assert_int_equal(l.store->counts.rejected, 2);
	assert_true(has_skip(l.store, "a line that is no entry of a log"));
	load_release(&l);
	folder_remove(&f);
}

static const char edge_log[] = "#Version: 1.0\r\n" EDGE_HEADER "\r\n" EDGE_SHORT
			       "\r\n"
			       "#Version: 1.0\n" EDGE_HEADER "\n" EDGE_SHORT
			       "\nno such line\n"
			       "#Fields: c-ip x-edge-location\n";

#define BRACKETS                                                            \
	"[2001:db8::1]:443 203.0.113.66 - - [03/Oct/2020:15:06:1%s +0900] " \
	"\"GET /%s HTTP/1.1\" 200 5 \"-\" \"-\"\n"

/* Headers that are passed again, lines that begin as JSON does. */
static void asides(void **state)
{
	struct strbuf text;
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	strbuf_addf(&text, BRACKETS BRACKETS, "1", "a", "2", "b");
	put_file(&f, "a.log", strbuf_str(&text));
	strbuf_clear(&text);
	strbuf_addf(&text, ALB "\n" BRACKETS, "3", "c");
	put_file(&f, "b.log", strbuf_str(&text));
	put_gzip(&f, "E2.gz", str_of(edge_log));
	put_file(&f, "array.json", STR("[1]"));
	load_path(&l, f.path, 2);
	check_again(&l, "cloudfront:POST /a.php | cloudfront:POST /a.php | "
			"elb:POST /profile.php | web:GET /a | web:GET /b | "
			"web:GET /c");
	/* "no such line", another header, and the array's number. */
	assert_int_equal(l.store->counts.rejected, 3);
	load_release(&l);
	strbuf_release(&text);
	folder_remove(&f);
}

/* As CloudWatch Logs carries them. */
static void messages(void **state)
{
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	put_file(&f, "x.json",
		 STR("{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"1\","
		     "\"logGroup\":\"g\",\"logStream\":\"s\",\"logEvents\":["
		     "{\"id\":\"1\",\"timestamp\":1,\"message\":\"" FLOW "\"},"
		     "{\"id\":\"2\",\"timestamp\":1,\"message\":\"START\"}]}"));
	load_path(&l, f.path, 1);
	check_again(&l, "flow:ACCEPT tcp/4444");
	assert_int_equal(l.store->counts.rejected, 1);
	load_release(&l);
	folder_remove(&f);
}

/* A line is one row wherever it stands; a copied file is one log. */
static void repeated(void **state)
{
	struct folder f;
	struct loaded l;

	(void)state;
	folder_make(&f);
	put_file(&f, "flow.log", STR(FLOW "\n" FLOW "\n"));
	make_folder(&f, "copy");
	put_file(&f, "copy/flow.log", STR(FLOW "\n" FLOW "\n"));
	load_path(&l, f.path, 2);
	assert_int_equal(l.store->n, 2);
	assert_int_equal(l.store->counts.duplicates, 2);
	load_release(&l);
	folder_remove(&f);
}

/* What is no line of text: one that never ends, and zeros. */
static void endless(void **state)
{
	struct folder f;
	struct loaded l;
	struct strbuf text;

	(void)state;
	folder_make(&f);
	strbuf_init(&text);
	strbuf_adds(&text, FLOW "\n");
	strbuf_addn(&text, 'x', 3 * LINE_LONGEST);
	strbuf_adds(&text, "\n" FLOW "\n");
	strbuf_addn(&text, '\0', 100);
	put_file(&f, "a", strbuf_str(&text));
	load_path(&l, f.path, 1);
	assert_int_equal(l.store->n, 2);
	assert_int_equal(l.store->counts.rejected, 2);
	assert_true(has_skip(l.store, "longer than the limit for one line"));
	load_release(&l);
	strbuf_release(&text);
	folder_remove(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_lines), cmocka_unit_test(broken_lines),
		cmocka_unit_test(files),        cmocka_unit_test(messages),
		cmocka_unit_test(repeated),     cmocka_unit_test(endless),
		cmocka_unit_test(asides),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
